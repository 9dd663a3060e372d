import { RoadbookError } from '../../shared/errors.ts';
import type { Checkpoint } from '../../shared/sync/wire.ts';
import type { Db } from './dialect.ts';
import type { Environment } from './environment.ts';
import { durableThroughOf } from './meta.ts';
import type { Principal } from './principal.ts';
import { type Origin, type Page, readPage } from './pull.ts';
import type { Leaving } from './push.ts';
import { readGroups } from './push-form.ts';
import { type Pushed, PushQueue } from './push-queue.ts';

/** What one person on one device may see and do. Made for each request; knows nothing of other companies. */
export class Repository {
  readonly #db: Db;
  readonly #env: Environment;
  readonly #origin: Origin;
  readonly #principal: Principal;
  readonly #committed: (tenant: string) => void;

  constructor(
    db: Db,
    env: Environment,
    origin: Origin,
    principal: Principal,
    committed: (tenant: string) => void,
  ) {
    this.#db = db;
    this.#env = env;
    this.#origin = origin;
    this.#principal = principal;
    this.#committed = committed;
  }

  /** @throws sync.epoch_changed, sync.bad_checkpoint */
  async pull(checkpoint: Checkpoint | null, limit: number): Promise<Page> {
    if (checkpoint !== null) await this.#checkEpoch(checkpoint.epoch);
    return readPage(this.#db, this.#origin, this.#principal, checkpoint, limit);
  }

  /**
   * Decides groups, each as a whole.
   * @param epoch of the database that the device speaks to; '' when it does not know one yet
   * @param groups as received, not yet checked
   * @param leaving for a device on its way out of the company
   * @throws sync.epoch_changed, request.invalid
   */
  async push(epoch: string, groups: readonly unknown[], leaving?: Leaving): Promise<Pushed> {
    if (epoch !== '') await this.#checkEpoch(epoch);
    const receivedAt = this.#env.now();
    const queue = new PushQueue(this.#db, this.#env, this.#principal, receivedAt, leaving);
    const pushed = await queue.run(readGroups(groups, receivedAt));
    if (pushed.verdicts.some(({ number }) => number > 0)) this.#committed(this.#principal.tenant);
    return pushed;
  }

  /** The answer names the new epoch and what is safe in it, so that the device can send the rest again. */
  async #checkEpoch(epoch: string): Promise<void> {
    if (epoch === this.#origin.epoch) return;
    const durableThrough = await durableThroughOf(this.#db, this.#principal.tenant);
    throw new RoadbookError('sync.epoch_changed', { epoch: this.#origin.epoch, durableThrough });
  }
}
