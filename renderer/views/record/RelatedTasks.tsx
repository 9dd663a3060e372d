import type { RecordRow } from '../../../shared/ipc.ts';
import { asRoadbookError, call } from '../../bridge.ts';
import { Checkbox } from '../../components/Field.tsx';
import { date, overdueDays } from '../../format.ts';
import { navigate, openCreate } from '../../state/router.ts';
import { offerUndo, showTrouble } from '../../state/toasts.ts';
import { Add, FEW, more, Section, text } from './related-parts.tsx';
import { useRows } from './useRows.ts';

export function Tasks({ row }: { readonly row: RecordRow }) {
  const { rows, count: total } = useRows(
    {
      collection: 'activities',
      filters: [
        { field: 'regarding', op: 'is', value: row.id },
        { field: 'type', op: 'is', value: 'task' },
        { field: 'status', op: 'is', value: 'open' },
      ],
      sort: [{ field: 'dueOn', direction: 'asc' }],
    },
    FEW,
  );
  const finish = async (task: RecordRow) => {
    const set = (status: string) =>
      call('record.update', { collection: 'activities', id: task.id, values: { status } });
    try {
      await set('done');
      offerUndo(`Finished “${task.name}”`, async () => void (await set('open')));
    } catch (thrown) {
      showTrouble(`“${task.name}” is not finished.`, asRoadbookError(thrown));
    }
  };
  return (
    <Section
      title="Tasks"
      count={total}
      action={
        <Add
          label="New task"
          onClick={() =>
            openCreate('activities', { type: 'task', regarding: row.id, regardingCollection: row.collection })
          }
        />
      }
    >
      {rows.map((task) => (
        <div className="related-task" key={task.id}>
          <Checkbox aria-label={`Finish ${task.name}`} checked={false} onChange={() => void finish(task)} />
          <button
            type="button"
            className="tr sp"
            onClick={() => navigate({ name: 'record', collection: 'activities', id: task.id })}
          >
            {task.name}
          </button>
          <Due on={text(task.body.dueOn)} />
        </div>
      ))}
      {more(total, rows.length)}
    </Section>
  );
}

function Due({ on }: { readonly on: string | null }) {
  if (on === null) return null;
  const late = overdueDays(on);
  return (
    <span className={late > 0 ? 'n sig' : 'n m'}>
      {date(on).slice(0, 6)}
      {late > 0 && ` +${late}d`}
    </span>
  );
}
