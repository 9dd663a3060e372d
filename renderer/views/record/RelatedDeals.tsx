import type { RecordRow, ViewRequest } from '../../../shared/ipc.ts';
import type { Body, Money } from '../../../shared/model/index.ts';
import { StageGlyph } from '../../components/Marks.tsx';
import { count, money } from '../../format.ts';
import { isMoney } from '../../forms/show.ts';
import { navigate, openCreate } from '../../state/router.ts';
import { Add, FEW, more, PersonRow, Section, text } from './related-parts.tsx';
import { useCompany } from './useCompany.ts';
import { useTitles } from './useNames.ts';
import { useRows } from './useRows.ts';

interface DealsProps {
  readonly title: string;
  readonly field: 'account' | 'product';
  readonly id: string;
  readonly except?: string;
  readonly presets: Body;
}

export function Deals({ title, field, id, except, presets }: DealsProps) {
  const request: ViewRequest = {
    collection: 'deals',
    filters: [{ field, op: 'is', value: id }],
    sort: [{ field: 'updatedAt', direction: 'desc' }],
  };
  const { rows, count: total } = useRows(request, FEW + 1);
  const { stagesOfDeal } = useCompany();
  const shown = rows.filter((deal) => deal.id !== except).slice(0, FEW);
  const others = total === null ? null : Math.max(0, total - (except === undefined ? 0 : 1));
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

interface LineItem {
  readonly id: string;
  readonly product: string;
  readonly quantity: number;
  readonly unitPrice: Money;
}

/** What is sold: line items where there are some, else the product that was named. */
export function LineItems({ row }: { readonly row: RecordRow }) {
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
