import type { RowConflict, StoredDoc } from './contract.ts';

/** Thrown by commit() when a row is not what its writer saw; nothing of the commit was written. */
export class RowConflictError extends Error implements RowConflict {
  readonly collection: string;
  readonly id: string;
  readonly inStore: StoredDoc | undefined;

  constructor(conflict: RowConflict) {
    super(`a row of ${conflict.collection} is not the one that was changed`);
    this.name = 'RowConflictError';
    this.collection = conflict.collection;
    this.id = conflict.id;
    this.inStore = conflict.inStore;
  }
}
