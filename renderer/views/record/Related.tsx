import { Plus, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { RecordRow, ViewRequest } from '../../../shared/ipc.ts';
import type { Body, CollectionName, Money } from '../../../shared/model/index.ts';
import { uuidv7 } from '../../../shared/sync/ids.ts';
import { asRoadbookError, call } from '../../bridge.ts';
import { Avatar } from '../../components/Avatar.tsx';
import { IconButton } from '../../components/Button.tsx';
import { Checkbox } from '../../components/Field.tsx';
import { StageGlyph } from '../../components/Marks.tsx';
import { OptionList } from '../../components/OptionList.tsx';
import { Popover } from '../../components/Popover.tsx';
import { count, date, money, overdueDays } from '../../format.ts';
import { isMoney } from '../../forms/show.ts';
import { useReferenceOptions } from '../../forms/useReferenceOptions.ts';
import { navigate, openCreate } from '../../state/router.ts';
import { offerUndo } from '../../state/toasts.ts';
import { useCompany } from './useCompany.ts';
import { useTitles } from './useNames.ts';
import { useRows } from './useRows.ts';

const FEW = 5;

interface RelatedProps {
  readonly row: RecordRow;
  readonly names: Readonly<Record<string, string>>;
  readonly mayEdit: boolean;
  readonly onSave: (values: Body) => Promise<void>;
}

/** Lists at the right: what stands beside this record. Each of them is a real view of the store. */
export function Related({ row, names, mayEdit, onSave }: RelatedProps) {
  const account = text(row.body.account);
  switch (row.collection) {
    case 'deals':
      return (
        <>
          <LineItems row={row} />
          <DealContacts row={row} mayEdit={mayEdit} onSave={onSave} />
          <Tasks row={row} />
          {account !== null && (
            <Deals
              title={`Deals at ${names[account] ?? 'this account'}`}
              field="account"
              id={account}
              except={row.id}
              presets={{ account }}
            />
          )}
        </>
      );
    case 'accounts':
      return (
        <>
          <Contacts account={row.id} />
          <Deals title="Deals" field="account" id={row.id} presets={{ account: row.id }} />
          <Tasks row={row} />
          <Children account={row.id} />
        </>
      );
    case 'contacts':
      return (
        <>
          <Tasks row={row} />
          {account !== null && (
            <>
              <Deals
                title={`Deals at ${names[account] ?? 'this account'}`}
                field="account"
                id={account}
                presets={{ account }}
              />
              <Contacts account={account} except={row.id} title="Colleagues" />
            </>
          )}
        </>
      );
    case 'products':
      return (
        <Deals title="Deals with this product" field="product" id={row.id} presets={{ product: row.id }} />
      );
    case 'leads':
      return <Tasks row={row} />;
    default:
      return null;
  }
}

interface SectionProps {
  readonly title: string;
  readonly count: number | null;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

function Section({ title, count: total, action, children }: SectionProps) {
  return (
    <section>
      <div className="row related-head">
        <h2 className="b tr">{title}</h2>
        {total !== null && <span className="n q f11">{count(total)}</span>}
        <span className="sp" />
        {action}
      </div>
      {children}
    </section>
  );
}

function Add({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
  return <IconButton size="s" icon={Plus} label={label} onClick={onClick} />;
}

function more(total: number | null, shown: number): ReactNode {
  if (total === null || total <= shown) return null;
  return <p className="q f12 related-more">and {count(total - shown)} more</p>;
}

interface DealsProps {
  readonly title: string;
  readonly field: 'account' | 'product';
  readonly id: string;
  readonly except?: string;
  readonly presets: Body;
}

function Deals({ title, field, id, except, presets }: DealsProps) {
  const request: ViewRequest = {
    collection: 'deals',
    filters: [{ field, op: 'is', value: id }],
    sort: [{ field: 'updatedAt', direction: 'desc' }],
  };
  const { rows, count: total } = useRows(request, FEW + 1);
  const { stagesOfDeal } = useCompany();
  const shown = rows.filter((deal) => deal.id !== except).slice(0, FEW);
  const others = total === null ? null : total - (except === undefined ? 0 : 1);
  return (
    <Section
      title={title}
      count={others}
      action={<Add label="New deal" onClick={() => openCreate('deals', presets)} />}
    >
      {shown.map((deal) => {
        const stages = stagesOfDeal(deal.body);
        const stage = stages.find((candidate) => candidate.id === deal.body.stage);
        return (
          <button
            key={deal.id}
            type="button"
            className="related-row"
            onClick={() => navigate({ name: 'record', collection: 'deals', id: deal.id })}
          >
            {stage !== undefined && <StageGlyph stage={stage} stages={stages} />}
            {stage !== undefined && <span className="aloud">{stage.name}</span>}
            <span className="tr sp">{deal.name}</span>
            {isMoney(deal.body.amount) && (
              <span className="n m">{money(deal.body.amount as Money, 'auto')}</span>
            )}
          </button>
        );
      })}
      {more(others, shown.length)}
    </Section>
  );
}

interface ContactsProps {
  readonly account: string;
  readonly title?: string;
  readonly except?: string;
}

function Contacts({ account, title = 'Contacts', except }: ContactsProps) {
  const { rows, count: total } = useRows(
    {
      collection: 'contacts',
      filters: [{ field: 'account', op: 'is', value: account }],
      sort: [{ field: 'name', direction: 'asc' }],
    },
    FEW + 1,
  );
  const shown = rows.filter((contact) => contact.id !== except).slice(0, FEW);
  const others = total === null ? null : total - (except === undefined ? 0 : 1);
  return (
    <Section
      title={title}
      count={others}
      action={<Add label="New contact" onClick={() => openCreate('contacts', { account })} />}
    >
      {shown.map((contact) => (
        <PersonRow
          key={contact.id}
          collection="contacts"
          id={contact.id}
          name={contact.name}
          note={text(contact.body.title) ?? ''}
        />
      ))}
      {more(others, shown.length)}
    </Section>
  );
}

function Children({ account }: { readonly account: string }) {
  const { rows, count: total } = useRows(
    {
      collection: 'accounts',
      filters: [{ field: 'parent', op: 'is', value: account }],
      sort: [{ field: 'name', direction: 'asc' }],
    },
    FEW,
  );
  if (total === 0) return null;
  return (
    <Section
      title="Child accounts"
      count={total}
      action={<Add label="New child account" onClick={() => openCreate('accounts', { parent: account })} />}
    >
      {rows.map((child) => (
        <PersonRow
          key={child.id}
          square
          collection="accounts"
          id={child.id}
          name={child.name}
          note={text(child.body.industry) ?? ''}
        />
      ))}
      {more(total, rows.length)}
    </Section>
  );
}

interface PersonRowProps {
  readonly collection: CollectionName;
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly square?: boolean;
  readonly action?: ReactNode;
}

function PersonRow({ collection, id, name, note, square = false, action }: PersonRowProps) {
  return (
    <div className="related-person">
      <button type="button" onClick={() => navigate({ name: 'record', collection, id })}>
        <Avatar name={name} id={id} size="m" square={square} />
        <span className="tr">
          <span className="b tr">{name}</span>
          {note !== '' && <span className="f12 q tr">{note}</span>}
        </span>
      </button>
      {action}
    </div>
  );
}

interface DealContact {
  readonly id: string;
  readonly contact: string;
  readonly role?: string;
}

function DealContacts({ row, mayEdit, onSave }: Omit<RelatedProps, 'names'>) {
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const items = (Array.isArray(row.body.contacts) ? row.body.contacts : []) as DealContact[];
  const names = useTitles(items.map(({ contact }) => `contacts/${contact}`));
  const { options, searching } = useReferenceOptions('contacts', typed, open);
  const save = (contacts: DealContact[]) => {
    setProblem(null);
    onSave({ contacts }).catch((thrown: unknown) => setProblem(asRoadbookError(thrown).message));
  };
  const add = (contact: string) => {
    setOpen(false);
    if (items.some((item) => item.contact === contact)) return;
    const id = uuidv7(Date.now(), (length) => crypto.getRandomValues(new Uint8Array(length)));
    save([...items, { id, contact }]);
  };
  return (
    <Section
      title="Contacts"
      count={items.length}
      action={
        mayEdit && (
          <Popover
            open={open}
            onOpenChange={setOpen}
            label="Add a contact"
            align="end"
            trigger={<IconButton size="s" icon={Plus} label="Add a contact" />}
          >
            <OptionList
              label="Contact"
              placeholder="Find a contact"
              options={options}
              empty={searching ? 'Looking' : 'Nothing fits'}
              onType={setTyped}
              onPick={add}
            />
          </Popover>
        )
      }
    >
      {items.map((item) => (
        <PersonRow
          key={item.id}
          collection="contacts"
          id={item.contact}
          name={names[item.contact] ?? '…'}
          note={item.role ?? ''}
          action={
            mayEdit && (
              <IconButton
                className="related-remove"
                size="s"
                icon={X}
                iconSize={14}
                label={`Remove ${names[item.contact] ?? 'contact'} from this deal`}
                onClick={() => save(items.filter((other) => other.id !== item.id))}
              />
            )
          }
        />
      ))}
      {problem !== null && (
        <p className="f12 m" role="alert">
          {problem}
        </p>
      )}
    </Section>
  );
}

interface LineItem {
  readonly id: string;
  readonly product: string;
  readonly quantity: number;
  readonly unitPrice: Money;
}

/** What is sold: line items where there are some, else the product that was named. */
function LineItems({ row }: { readonly row: RecordRow }) {
  const items = (Array.isArray(row.body.lineItems) ? row.body.lineItems : []) as LineItem[];
  const product = text(row.body.product);
  const wanted = [...items.map((item) => item.product), ...(product === null ? [] : [product])];
  const names = useTitles(wanted.map((id) => `products/${id}`));
  if (items.length === 0) {
    if (product === null) return null;
    return (
      <Section title="Product" count={null}>
        <PersonRow square collection="products" id={product} name={names[product] ?? '…'} note="" />
      </Section>
    );
  }
  return (
    <Section title="Line items" count={items.length}>
      {items.map(({ id, product: sold, quantity, unitPrice }) => (
        <div className="related-item" key={id}>
          <span className="tr">{names[sold] ?? '…'}</span>
          <span className="n m r">{count(quantity)}</span>
          <span className="n r">{money({ ...unitPrice, minor: unitPrice.minor * quantity }, 'auto')}</span>
        </div>
      ))}
    </Section>
  );
}

function Tasks({ row }: { readonly row: RecordRow }) {
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
      console.warn('A task could not be finished.', asRoadbookError(thrown).code);
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

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
