/** What is wrong with the records so that a backup may take their place. Not: another Roadbook has them open. */
const replaceable = new Set<string>([
  'store.damaged',
  'store.missing',
  'store.not_a_database',
  'store.went_back',
]);

/** @param code of the error that keeps the records from opening */
export function backupMayReplace(code: string): boolean {
  return replaceable.has(code);
}

/** Records that are older than they were can be opened as they are, once a person has decided so. */
export function mayOpenOlder(code: string): boolean {
  return code === 'store.went_back';
}
