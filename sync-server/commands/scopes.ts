import { roles } from '../../shared/rules/permissions.ts';
import { reachOf } from '../../shared/rules/reach.ts';
import { movePerson, type Place, reachesOf, setReach } from '../company/scopes.ts';
import { plural } from '../ops/steps.ts';
import { system } from '../store/principal.ts';
import { type Call, knownUser, required, tenantOf, textOf, UsageError } from './call.ts';

const SOURCE = { kind: 'admin', name: 'command line' };

/** Moves a person to another role, team or territory, by name. */
export async function movePersonTo(call: Call): Promise<number> {
  const { store, terminal, options } = call;
  const user = await knownUser(call);
  const role = textOf(options.role);
  const place: Place = {
    ...(role === undefined ? {} : { role }),
    ...(await areaCalled(call, user.tenant, 'team')),
    ...(await areaCalled(call, user.tenant, 'territory')),
  };
  if (Object.keys(place).length === 0) throw new UsageError('Say where to: --role, --team or --territory.');
  await movePerson(store, user.tenant, user.id, place, SOURCE);
  terminal.say(
    `${user.email} has moved. Their devices receive what is new to them and let go of the rest at their next contact.`,
  );
  return 0;
}

/** The team or territory of that name; '' takes the person out of one. */
async function areaCalled({ store, options }: Call, tenant: string, kind: 'team' | 'territory') {
  const given = options[kind];
  if (typeof given !== 'string') return {};
  if (given === '') return { [kind]: '' };
  const known = await store.db
    .selectFrom('areas')
    .innerJoin('rows', (join) =>
      join.onRef('rows.tenant', '=', 'areas.tenant').onRef('rows.id', '=', 'areas.id'),
    )
    .select(['areas.id', 'rows.name'])
    .where('areas.tenant', '=', tenant)
    .where('areas.kind', '=', kind)
    .orderBy('rows.name')
    .execute();
  const found = known.filter(({ name }) => name.toLowerCase() === given.toLowerCase());
  const [one] = found;
  if (one === undefined || found.length > 1) {
    const names = known.map(({ name }) => name).join(', ') || 'none';
    throw new UsageError(`There is no one ${kind} called “${given}”. Known: ${names}.`);
  }
  return { [kind]: one.id };
}

export async function listReach(call: Call): Promise<number> {
  const tenant = await tenantOf(call);
  const given = await reachesOf(call.store, tenant.id);
  for (const role of roles) call.terminal.say(`${role}  ${reachOf(role, given)}`);
  return 0;
}

export async function changeReach(call: Call): Promise<number> {
  const role = required(call.target, 'a role');
  const reach = required(call.more, 'a reach');
  const tenant = await tenantOf(call);
  await setReach(call.store, tenant.id, role, reach, SOURCE);
  call.terminal.say(`${role} now sees: ${reach}. Devices follow at their next contact.`);
  return 0;
}

export async function listQuarantine(call: Call): Promise<number> {
  const tenant = await tenantOf(call);
  const held = await call.store.quarantine.list(tenant.id, 'held');
  for (const { id, at, user_name: name, device_name: device, json } of held) {
    const { mutations } = JSON.parse(json) as { mutations: unknown[] };
    call.terminal.say(`${id}  ${at}  ${name} on ${device}  ${plural(mutations.length, 'change')}`);
  }
  if (held.length === 0) call.terminal.say('Nothing is held.');
  return 0;
}

export async function settleQuarantine(call: Call, how: 'restore' | 'dismiss'): Promise<number> {
  const id = required(call.target, 'the id of a group');
  const { id: tenant } = await tenantOf(call);
  const by = system(tenant, SOURCE.name);
  if (how === 'dismiss') {
    await call.store.quarantine.dismiss(by, id);
    call.terminal.say('The changes stay unapplied. Their values can still be read.');
    return 0;
  }
  const verdict = await call.store.quarantine.restore(by, id);
  if (verdict.status === 'accepted') {
    call.store.committed(tenant);
    call.terminal.say(`Applied as commit ${verdict.number}.`);
    return 0;
  }
  for (const { field, reason } of verdict.refusals) call.terminal.say(`Not applied: ${field} ${reason}`);
  return 1;
}
