import type { ImportResult } from '../../../sync-server/import/import.ts';

/** What an import made of all its records. */
export const totals = ({ written }: ImportResult) =>
  written.reduce(
    (sum, { counts }) => ({
      created: sum.created + counts.created,
      changed: sum.changed + counts.changed,
      unchanged: sum.unchanged + counts.unchanged,
    }),
    { created: 0, changed: 0, unchanged: 0 },
  );
