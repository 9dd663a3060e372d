import type { Db } from '../../../sync-server/store/dialect.ts';

/** The same database, and what was asked of it through this door: statements, and rows that came back. */
export function counted(db: Db) {
  const seen = { statements: 0, rows: 0 };
  const watched = db.withPlugin({
    transformQuery: ({ node }) => {
      seen.statements += 1;
      return node;
    },
    transformResult: async ({ result }) => {
      seen.rows += result.rows.length;
      return result;
    },
  });
  return {
    db: watched,
    /** What one act asks for. */
    async during(act: () => Promise<unknown>) {
      Object.assign(seen, { statements: 0, rows: 0 });
      await act();
      return { ...seen };
    },
  };
}
