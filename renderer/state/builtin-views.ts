import type { Filter, Sort } from '../../shared/ipc.ts';
import type { SessionUser } from '../../shared/sync/wire.ts';
import { today } from '../format.ts';
import type { Pipeline } from './directory.ts';
import type { Route } from './router.ts';

/** A named view that comes with Roadbook. */
export interface BuiltinView {
  readonly id: string;
  readonly label: string;
  readonly shape: 'list' | 'board';
  readonly collection: 'deals';
  readonly filters: readonly Filter[];
  readonly sort: readonly Sort[];
}

const byAmount: readonly Sort[] = [{ field: 'amount', direction: 'desc' }];

/** Stages in which a deal is still open, over all pipelines. */
export function openStages(pipelines: readonly Pipeline[]): string[] {
  const ids = pipelines.flatMap(({ stages }) =>
    stages.filter((stage) => stage.outcome === 'open').map((stage) => stage.id),
  );
  return [...new Set(ids)];
}

export function builtinViews(
  user: Pick<SessionUser, 'id'>,
  pipelines: readonly Pipeline[],
  now: Date = new Date(),
): BuiltinView[] {
  const open: Filter = { field: 'stage', op: 'any-of', value: openStages(pipelines) };
  const mine: Filter = { field: 'owner', op: 'is', value: user.id };
  const month = today(now).slice(0, 7);
  const lastDay = new Date(now.getFullYear(), now.getMonth() + 1, 0).getDate();
  const monthName = now.toLocaleDateString('en-US', { month: 'long' });
  return [
    view('open-deals', 'Open deals', 'list', [open]),
    view('my-deals', 'My deals', 'list', [open, mine]),
    view('my-board', 'My board', 'board', [mine]),
    view('closing', `Closing in ${monthName}`, 'list', [
      open,
      { field: 'closeDate', op: 'at-least', value: `${month}-01` },
      { field: 'closeDate', op: 'at-most', value: `${month}-${lastDay}` },
    ]),
  ];
}

export function viewRoute(builtin: BuiltinView): Route {
  return builtin.shape === 'board'
    ? { name: 'board', view: builtin.id }
    : { name: 'list', collection: builtin.collection, view: builtin.id };
}

function view(
  id: string,
  label: string,
  shape: BuiltinView['shape'],
  filters: readonly Filter[],
): BuiltinView {
  return { id, label, shape, collection: 'deals', filters, sort: byAmount };
}
