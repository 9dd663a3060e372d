/** SQL: that the record of an entry is not in a table of rows. Keys that are UUIDs lie there in 16 bytes. */
export const missingIn = (rows: string): string =>
  `NOT EXISTS (SELECT 1 FROM ${rows} WHERE k IN (unhex(replace(record, '-', '')), record))`;
