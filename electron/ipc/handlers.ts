import { RoadbookError } from '../../shared/errors.ts';
import type { DeviceBackup, Preferences } from '../../shared/ipc.ts';
import type { Opener } from '../records/keyring.ts';
import type { Session } from '../records/session.ts';
import type { Workspace } from '../records/workspace.ts';
import type { Backup } from '../store/backup/backups.ts';
import type { Handlers } from './contract.ts';

export interface HandlerParts {
  readonly session: Session;
  /** What works on the open store; throws store.closed while locked. */
  readonly workspace: () => Workspace;
  readonly preferences: { get(): Preferences; set(next: Preferences): Preferences };
  /** Whoever works by them looks at them again. */
  readonly preferencesChanged: () => void;
  /** Loads the window anew, so that nothing of the records stays in it. */
  readonly clearWindow: () => void;
  /** Newest first; also while nothing is open. */
  readonly listBackups: () => Promise<Backup[]>;
  readonly showLogs: () => Promise<void>;
  readonly diagnostics: () => Promise<string>;
}

/** The contract's methods, each handed to the part that does it. */
export function createHandlers(parts: HandlerParts): Handlers {
  const { session, workspace } = parts;
  return {
    'app.state': () => session.state(),
    'app.signIn': ({ server, email, password }) => session.signIn(server, email, password),
    'app.createPassphrase': ({ passphrase }) => session.createPassphrase(passphrase),
    'app.confirmRecovery': () => session.confirmRecovery(),
    'app.unlock': (input) => session.unlock(openerOf(input)),
    'app.openOlder': ({ passphrase }) => session.openOlder(passphrase),
    'app.lock': async () => {
      const state = await session.lock();
      parts.clearWindow();
      return state;
    },
    'keys.changePassphrase': ({ passphrase, newPassphrase }) =>
      session.keyCare.changePassphrase(passphrase, newPassphrase),
    'keys.newRecoveryCode': ({ passphrase }) => session.keyCare.newRecoveryCode(passphrase),
    'keys.confirmRecoveryCode': () => session.keyCare.confirmRecoveryCode(),
    'keys.keychain': () => session.keyCare.keychain(),
    'keys.giveToKeychain': ({ passphrase }) => session.keyCare.giveToKeychain(passphrase),
    'keys.takeFromKeychain': () => session.keyCare.takeFromKeychain(),
    'app.startWorking': () => session.startWorking(),
    'app.leave': () => session.leave(),
    'app.setUpAgain': () => session.setUpAgain(),
    'app.retry': () => session.retry(),
    'app.draftKey': () => ({ key: session.draftKey() }),
    'drafts.withdrawn': ({ records }) => workspace().withdrawn.draftsToClear(records),
    'drafts.cleared': async ({ number }) => {
      await workspace().withdrawn.draftsCleared(number);
      return {};
    },
    'preferences.get': () => parts.preferences.get(),
    'preferences.set': (next) => {
      const set = parts.preferences.set(next);
      parts.preferencesChanged();
      return set;
    },

    'view.open': ({ first, opening, ...request }) => workspace().lists.open(request, first, opening),
    'view.cancel': ({ opening }) => {
      workspace().lists.cancel(opening);
      return {};
    },
    'view.rows': ({ viewId, from, count }) => workspace().lists.rows(viewId, from, count),
    'view.summary': ({ viewId }) => workspace().lists.summary(viewId),
    'view.indexOf': async ({ viewId, id }) => ({ index: await workspace().lists.indexOf(viewId, id) }),
    'view.close': ({ viewId }) => workspace().lists.close(viewId),
    'search.query': (query) => workspace().search(query),
    'tables.get': () => workspace().tables.get(),
    'counts.get': async () => ({ counts: await workspace().store.counts() }),

    'record.get': ({ collection, id }) => workspace().pages.get(collection, id),
    'record.create': ({ collection, values, id }) => workspace().pages.create(collection, values, id),
    'record.update': ({ collection, id, values, seen }) =>
      workspace().pages.update(collection, id, values, seen),
    'record.delete': ({ collection, id }) => workspace().pages.remove(collection, id),
    'record.restore': ({ collection, id }) => workspace().pages.restore(collection, id),
    'record.history': ({ collection, id, limit }) => workspace().audit.ofRecord(collection, id, limit),

    'audit.count': (filter) => workspace().store.historyCount(filter),
    'audit.rows': ({ filter, from, count }) => workspace().audit.rows(filter, from, count),
    'audit.verify': () => workspace().audit.verify(),

    'inbox.resolve': ({ id, choice, value }) => workspace().inbox.resolve(id, choice, value),
    'inbox.reopen': ({ id }) => workspace().inbox.reopen(id),

    'sync.status': () => workspace().sync.status(),
    'sync.now': () => workspace().sync.now(),
    'sync.understood': async () => {
      await workspace().sync.understood();
      return workspace().sync.status();
    },
    'backups.list': async () => ({ backups: (await parts.listBackups()).map(shownBackup) }),
    'backups.givenUp': async () => ({ at: await workspace().backups.givenUp() }),
    'backups.make': async () => shownBackup(await workspace().backups.make('asked')),
    'backups.restore': async ({ id, passphrase }) => {
      if (passphrase !== undefined) return session.restoreInstead(id, passphrase);
      try {
        return await session.restoreBackup(id);
      } finally {
        // Also where the backup could not be put in the place of records that are closed by now.
        if (!session.isOpen) parts.clearWindow();
      }
    },
    'help.showLogs': async () => {
      await parts.showLogs();
      return {};
    },
    'help.copyDiagnostics': async () => ({ text: await parts.diagnostics() }),
  };
}

/** Without the path, which is nothing to a window. */
function shownBackup({ id, at, reason, bytes }: Backup): DeviceBackup {
  return { id, at, reason, bytes };
}

function openerOf(input: {
  passphrase?: string | undefined;
  recoveryCode?: string | undefined;
  newPassphrase?: string | undefined;
  giveToKeychain?: boolean | undefined;
}): Opener {
  const { passphrase, recoveryCode, newPassphrase, giveToKeychain = false } = input;
  if (passphrase !== undefined && recoveryCode !== undefined) {
    throw new RoadbookError('request.invalid', { reason: 'passphrase and recovery code exclude each other' });
  }
  if (passphrase !== undefined) return { passphrase, giveToKeychain };
  if (recoveryCode !== undefined) return { recoveryCode, newPassphrase };
  return { keychain: true };
}
