/** Least characters of a passphrase; the main process holds to the same number. */
export const MIN_LENGTH = 12;
/** Where the meter is full. */
const LONG = 28;

export interface Strength {
  /** 0 to 1, for the meter. */
  readonly share: number;
  readonly words: string;
  readonly enough: boolean;
}

/** By length alone: rules about signs and capitals make passphrases harder to keep and no harder to guess. */
export function strength(passphrase: string): Strength {
  const length = [...passphrase].length;
  const share = Math.min(1, length / LONG);
  if (length === 0)
    return { share, words: `At least ${MIN_LENGTH} characters. A short sentence is good.`, enough: false };
  if (length < MIN_LENGTH) {
    const missing = MIN_LENGTH - length;
    return {
      share,
      words: `${missing} more ${missing === 1 ? 'character' : 'characters'} needed.`,
      enough: false,
    };
  }
  if (length < 16) return { share, words: `${length} characters, enough. Longer is stronger.`, enough: true };
  if (length < LONG) return { share, words: `${length} characters, good.`, enough: true };
  return { share, words: `${length} characters, very good.`, enough: true };
}

/** Groups of a recovery code as printed. */
export function codeGroups(code: string): string[] {
  return code.split(/[\s-]+/).filter(Boolean);
}

/** What was typed names the same group, whatever the case. */
export function sameGroup(typed: string, group: string | undefined): boolean {
  return group !== undefined && typed.trim().toUpperCase() === group.toUpperCase();
}
