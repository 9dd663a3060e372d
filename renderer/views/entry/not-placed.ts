const WHY: Readonly<Record<string, string>> = {
  'store.disk_full': 'There is no room left on this disk: free some space first.',
  'store.read_only':
    'Roadbook may not write to its folder: give your account the right to write there first.',
};

/** What the locked screen says where the records were closed to go back to a backup, and it could not be put in place. */
export function notPlacedWords({ code }: { readonly code: string }): {
  readonly title: string;
  readonly text: string;
} {
  const why = WHY[code] ?? 'Its files could not be written.';
  return {
    title: 'The backup could not be put in place',
    text: `${why} Nothing is lost. Unlock to go on, and go back to the backup again from the settings.`,
  };
}
