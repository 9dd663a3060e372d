import type { RecordRow } from '../../../shared/ipc.ts';
import type { Body } from '../../../shared/model/index.ts';
import { Deals, LineItems } from './RelatedDeals.tsx';
import { Children, Contacts, DealContacts } from './RelatedPeople.tsx';
import { Tasks } from './RelatedTasks.tsx';
import { text } from './related-parts.tsx';

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
