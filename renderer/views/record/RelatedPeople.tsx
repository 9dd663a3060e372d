import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import type { RecordRow } from '../../../shared/ipc.ts';
import type { Body } from '../../../shared/model/index.ts';
import { uuidv7 } from '../../../shared/sync/ids.ts';
import { asRoadbookError } from '../../bridge.ts';
import { IconButton } from '../../components/Button.tsx';
import { OptionList } from '../../components/OptionList.tsx';
import { Popover } from '../../components/Popover.tsx';
import { useReferenceOptions } from '../../forms/useReferenceOptions.ts';
import { openCreate } from '../../state/router.ts';
import { Add, FEW, more, PersonRow, Section, text } from './related-parts.tsx';
import { useTitles } from './useNames.ts';
import { useRows } from './useRows.ts';

interface ContactsProps {
  readonly account: string;
  readonly title?: string;
  readonly except?: string;
}

export function Contacts({ account, title = 'Contacts', except }: ContactsProps) {
  const { rows, count: total } = useRows(
    {
      collection: 'contacts',
      filters: [{ field: 'account', op: 'is', value: account }],
      sort: [{ field: 'name', direction: 'asc' }],
    },
    FEW + 1,
  );
  const shown = rows.filter((contact) => contact.id !== except).slice(0, FEW);
  const others = total === null ? null : Math.max(0, total - (except === undefined ? 0 : 1));
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

export function Children({ account }: { readonly account: string }) {
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

interface DealContact {
  readonly id: string;
  readonly contact: string;
  readonly role?: string;
}

interface DealContactsProps {
  readonly row: RecordRow;
  readonly mayEdit: boolean;
  readonly onSave: (values: Body) => Promise<void>;
}

export function DealContacts({ row, mayEdit, onSave }: DealContactsProps) {
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const items = (Array.isArray(row.body.contacts) ? row.body.contacts : []) as DealContact[];
  const names = useTitles(items.map(({ contact }) => `contacts/${contact}`));
  const { options, empty } = useReferenceOptions('contacts', typed, open);
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
              empty={empty}
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
