import { spawnSync } from 'node:child_process';

export type Floor = Readonly<Record<string, number>>;

/** The commits to compare with: the one before, and where the main branch left this one. */
const BEFORE = [
  ['rev-parse', 'HEAD~'],
  ['merge-base', 'HEAD', 'main'],
  ['merge-base', 'HEAD', 'origin/main'],
  ['rev-parse', 'HEAD'],
];

/**
 * What is wrong with a floor that only rises.
 * @param root of the checkout; without git, or without a commit before, there is nothing to compare with
 * @param file path of the floor inside the checkout
 */
export function loweredFloors(root: string, file: string, floor: Floor): string[] {
  const commits = new Set(BEFORE.flatMap((args) => git(root, args)?.trim() ?? []));
  const lowered = new Set<string>();
  for (const commit of commits) {
    const text = git(root, ['show', `${commit}:${file}`]);
    if (text === undefined) continue;
    for (const [measure, least] of Object.entries(JSON.parse(text) as Floor)) {
      const now = floor[measure];
      if (now !== undefined && now >= least) continue;
      lowered.add(
        `The floor of ${measure} was ${least} % in ${commit.slice(0, 7)} and is ${now ?? 'no more'}${now === undefined ? '' : ' %'}: it only rises.`,
      );
    }
  }
  return [...lowered];
}

function git(root: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? stdout : undefined;
}
