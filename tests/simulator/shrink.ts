import type { History, Step } from './history.ts';

/** The shortest history that still fails which can be reached by leaving out steps. */
export async function shrink(
  history: History,
  fails: (history: History) => Promise<boolean>,
  isTimeUp: () => boolean = () => false,
): Promise<History> {
  let steps: readonly Step[] = history.steps;
  for (let size = Math.ceil(steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < steps.length; ) {
      if (isTimeUp()) return { ...history, steps };
      const shorter = [...steps.slice(0, at), ...steps.slice(at + size)];
      if (await fails({ ...history, steps: shorter })) steps = shorter;
      else at += size;
    }
  }
  return { ...history, steps };
}
