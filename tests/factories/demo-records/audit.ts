import type { AuditEntry } from '../../../shared/ipc.ts';
import { type Scene, usd } from './scene.ts';

/** What was changed by whom, newest first. */
export function demoAudit({ rows, names, pick, whole, at }: Scene): AuditEntry[] {
  const deals = rows.get('deals') ?? rows.get('accounts') ?? [];
  const total = 400;
  const entries: AuditEntry[] = [];
  for (let index = 0; index < total; index += 1) {
    const deal = pick(deals);
    const user = pick(['user-00', 'user-00', 'user-00', 'user-01', 'user-04']);
    const kind = pick(['change', 'change', 'change', 'change', 'create', 'sync', 'unlock', 'delete']);
    const field =
      kind === 'change' ? pick(['stage', 'amount', 'closeDate', 'owner', 'probability', 'nextStep']) : '';
    const [from, to] = fromTo(field, whole);
    const event = kind === 'sync' || kind === 'unlock';
    entries.push({
      seq: total - index,
      at: at(index * 17 + 1),
      kind,
      collection: event ? '' : 'deals',
      record: event ? '' : deal.id,
      name: event ? (kind === 'sync' ? '214 rows in, 3 out' : 'This device') : deal.name,
      field,
      from,
      to,
      user,
      userName: names.get(user) ?? user,
      device: 'device-1',
      deviceName: user === 'user-00' ? 'Nora’s laptop' : 'Web',
      offline: index < 4,
      state: event ? '' : index < 2 ? 'saved' : index === 5 ? 'conflict' : 'sent',
      hash: Array.from({ length: 64 }, () => whole(0, 15).toString(16)).join(''),
    });
  }
  return entries;
}

function fromTo(field: string, whole: (from: number, to: number) => number): [unknown, unknown] {
  switch (field) {
    case 'stage':
      return ['qualification', 'proposal'];
    case 'amount':
      return [usd(whole(1, 900) * 100), usd(whole(1, 900) * 100)];
    case 'closeDate':
      return ['2017-10-25', '2017-11-30'];
    case 'owner':
      return ['user-04', 'user-00'];
    case 'probability':
      return [20, 50];
    case 'nextStep':
      return ['Call back', 'Site survey'];
    default:
      return [null, null];
  }
}
