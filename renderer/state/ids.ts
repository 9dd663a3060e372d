import { uuidv7 } from '../../shared/sync/ids.ts';

/** The id of a record that is about to be made: final from the moment that its form opens. */
export function newId(): string {
  return uuidv7(Date.now(), (length) => crypto.getRandomValues(new Uint8Array(length)));
}
