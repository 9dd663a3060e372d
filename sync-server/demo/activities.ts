import type { Wanted } from '../store/bulk.ts';
import { instant } from '../store/environment.ts';
import { DAY, ownerOf, type Scene } from './scene.ts';
import { subjects } from './words.ts';

const ACTIVITIES = 1_500;
const TYPES = ['call', 'call', 'meeting', 'visit', 'task', 'task', 'note'] as const;

/** What happened around accounts, contacts and deals, and what is due in the next weeks. */
export function demoActivities(
  scene: Scene,
  accounts: readonly Wanted[],
  contacts: readonly Wanted[],
  deals: readonly Wanted[],
): Wanted[] {
  const { chance } = scene;
  return Array.from({ length: ACTIVITIES }, (_, index) => {
    const type = chance.pick(TYPES);
    const about = chance.pick([accounts, contacts, deals, deals]);
    const record = chance.pick(about);
    const day = type === 'note' ? -chance.between(0, 200) : chance.between(-200, 21);
    const at = Math.floor((scene.now + day * DAY) / DAY) * DAY + chance.between(32, 68) * 900_000;
    const done = day < 0;
    const body: Wanted['body'] = {
      type,
      subject: chance.pick(subjects[type]),
      regarding: record.id,
      regardingCollection: record.collection,
      priority: chance.pick(['normal', 'normal', 'high', 'low']),
      status: type === 'note' || (done && !chance.chance(0.05)) ? 'done' : 'open',
    };
    if (type === 'task') body.dueOn = scene.date(day);
    if (type === 'note') body.text = body.subject;
    if (type !== 'task' && type !== 'note') {
      body.startAt = instant(at);
      body.endAt = instant(at + chance.between(1, 4) * 900_000);
    }
    if (type === 'call') body.direction = chance.pick(['in', 'out', 'out']);
    return scene.record(
      'activities',
      scene.id('activity', index),
      ownerOf(scene, record),
      Math.max(0, -day),
      body,
    );
  });
}
