import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { schemas } from '../../shared/model/field.ts';
import { type Group, routes } from '../../shared/sync/wire.ts';
import { movePerson, reachesOf, setReach } from '../company/scopes.ts';
import type { Context } from '../context.ts';
import { authenticateAdmin } from '../http/authenticate.ts';
import type { Held } from '../store/quarantine.ts';

const Id = Type.Object({ id: schemas.Id });
const Reach = Type.Object({ role: Type.String(), reach: Type.String() }, { additionalProperties: false });
const Place = Type.Object(
  {
    role: Type.Optional(Type.String()),
    team: Type.Optional(Type.Union([schemas.Id, Type.Literal('')])),
    territory: Type.Optional(Type.Union([schemas.Id, Type.Literal('')])),
  },
  { additionalProperties: false },
);
const State = Type.Object({
  state: Type.Optional(
    Type.Union([Type.Literal('held'), Type.Literal('restored'), Type.Literal('dismissed')]),
  ),
});

/** Who sees what, what devices were told to let go, and the edits that came from outside somebody's sight. */
export const adminScopeRoutes =
  (context: Context): FastifyPluginAsync =>
  async (app) => {
    const { store, tokens } = context;
    const admin = (request: FastifyRequest, action: string, object: string) =>
      authenticateAdmin(store, tokens, request, action, object);

    app.get(routes.reach, async (request) => {
      const { tenant } = await admin(request, 'read', 'what roles see');
      return { reaches: await reachesOf(store, tenant) };
    });

    app.put<{ Body: Static<typeof Reach> }>(routes.reach, { schema: { body: Reach } }, async (request) => {
      const { tenant, userName } = await admin(request, 'change', 'what roles see');
      const { role, reach } = request.body;
      return { reaches: await setReach(store, tenant, role, reach, { kind: 'admin', name: userName }) };
    });

    app.patch<{ Params: Static<typeof Id>; Body: Static<typeof Place> }>(
      routes.person,
      { schema: { params: Id, body: Place } },
      async (request, reply) => {
        const { tenant, userName } = await admin(request, 'move', 'people');
        const source = { kind: 'admin', name: userName };
        await movePerson(store, tenant, request.params.id, request.body, source);
        return reply.code(204).send();
      },
    );

    app.get<{ Querystring: Static<typeof State> }>(
      routes.quarantine,
      { schema: { querystring: State } },
      async (request) => {
        const { tenant } = await admin(request, 'read', 'the quarantine');
        const held = await store.quarantine.list(tenant, request.query.state);
        return { quarantine: held.map(shown) };
      },
    );

    app.post<{ Params: Static<typeof Id> }>(
      routes.quarantineRestore,
      { schema: { params: Id } },
      async (request) => {
        const principal = await admin(request, 'restore', 'quarantined changes');
        const verdict = await store.quarantine.restore(principal, request.params.id);
        if (verdict.number > 0) store.committed(principal.tenant);
        return { verdict };
      },
    );

    app.post<{ Params: Static<typeof Id> }>(
      routes.quarantineDismiss,
      { schema: { params: Id } },
      async (request, reply) => {
        const principal = await admin(request, 'dismiss', 'quarantined changes');
        await store.quarantine.dismiss(principal, request.params.id);
        return reply.code(204).send();
      },
    );

    app.get(routes.withdrawals, async (request) => {
      const { tenant } = await admin(request, 'read', 'withdrawals');
      return { withdrawals: await store.withdrawals.list(tenant) };
    });

    app.get<{ Params: Static<typeof Id> }>(
      routes.recordDevices,
      { schema: { params: Id } },
      async (request) => {
        const { tenant } = await admin(request, 'read', 'which devices hold a record');
        const devices = await store.withdrawals.holders(tenant, request.params.id);
        return { devices, holding: devices.filter(({ holds }) => holds).length, known: devices.length };
      },
    );
  };

function shown({ json, user_name: userName, device_name: deviceName, ...row }: Held) {
  const { id, user, device, at, reason, state, settled_at: settledAt, settled_by: settledBy } = row;
  const group = JSON.parse(json) as Group;
  return { id, user, userName, device, deviceName, at, reason, state, settledAt, settledBy, group };
}
