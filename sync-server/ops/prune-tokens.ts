import type { Store } from '../store/store.ts';

/**
 * Refresh tokens that are over. One whose twin (of the same parent) still counts stays with it: that the other twin was
 * used is what tells a copied one. Those of a device with an order stay until it has followed it: with them it proves
 * that the order is its own. An order may also be given long after they are over, so each device keeps what it may still
 * hold: the newest token of its last session, and the one that this was given for, in case the answer never arrived.
 */
export async function pruneTokens(store: Store, now: string, batch: number): Promise<number> {
  const { numDeletedRows } = await store.db
    .deleteFrom('refresh_tokens')
    .where('hash', 'in', (eb) =>
      eb
        .selectFrom('refresh_tokens as over')
        .select('over.hash')
        .where('over.expires_at', '<', now)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('refresh_tokens as twin')
                .select('twin.hash')
                .whereRef('twin.parent', '=', 'over.parent')
                .where('twin.expires_at', '>=', now),
            ),
          ),
        )
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('sessions')
                .innerJoin('device_orders', (join) =>
                  join
                    .onRef('device_orders.tenant', '=', 'sessions.tenant')
                    .onRef('device_orders.device', '=', 'sessions.device'),
                )
                .select('device_orders.id')
                .whereRef('sessions.id', '=', 'over.session')
                .where('device_orders.state', '=', 'open'),
            ),
          ),
        )
        .where(({ and, or, not, exists, selectFrom }) =>
          or([
            and([
              exists(
                selectFrom('refresh_tokens as newer')
                  .select('newer.hash')
                  .whereRef('newer.session', '=', 'over.session')
                  .whereRef('newer.issued_at', '>', 'over.issued_at'),
              ),
              not(
                exists(
                  selectFrom('refresh_tokens as next')
                    .select('next.hash')
                    .whereRef('next.parent', '=', 'over.hash')
                    .where((eb) =>
                      eb.not(
                        eb.exists(
                          eb
                            .selectFrom('refresh_tokens as newer')
                            .select('newer.hash')
                            .whereRef('newer.session', '=', 'next.session')
                            .whereRef('newer.issued_at', '>', 'next.issued_at'),
                        ),
                      ),
                    ),
                ),
              ),
            ]),
            exists(
              selectFrom('sessions')
                .innerJoin('sessions as later', (join) =>
                  join
                    .onRef('later.tenant', '=', 'sessions.tenant')
                    .onRef('later.device', '=', 'sessions.device')
                    .onRef('later.created_at', '>', 'sessions.created_at'),
                )
                .select('later.id')
                .whereRef('sessions.id', '=', 'over.session'),
            ),
            exists(
              selectFrom('sessions')
                .innerJoin('device_orders', (join) =>
                  join
                    .onRef('device_orders.tenant', '=', 'sessions.tenant')
                    .onRef('device_orders.device', '=', 'sessions.device')
                    .onRef('device_orders.settled_at', '>=', 'sessions.created_at'),
                )
                .select('device_orders.id')
                .whereRef('sessions.id', '=', 'over.session')
                .where('device_orders.state', '=', 'done'),
            ),
          ]),
        )
        .limit(batch),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** Sessions without any token left: nobody can go on with them. Ended ones tell why until then. */
export async function pruneSessions(store: Store, batch: number): Promise<number> {
  const { numDeletedRows } = await store.db
    .deleteFrom('sessions')
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('sessions as over')
        .select('over.id')
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('refresh_tokens').select('hash').whereRef('refresh_tokens.session', '=', 'over.id'),
            ),
          ),
        )
        .limit(batch),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}
