import { useState } from 'react';
import type { RoadbookError } from '../../../shared/errors.ts';
import { asRoadbookError } from '../../bridge.ts';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { Field, Input, Select } from '../../components/Field.tsx';
import { StageMark } from '../../components/Marks.tsx';
import { date, decimal, fractionDigits, today } from '../../format.ts';
import { DateInput } from '../../forms/DateInput.tsx';
import { parseDate } from '../../forms/dates.ts';
import { currencySign } from '../../forms/FieldInput.tsx';
import { parseMoney } from '../../forms/money.ts';
import { useDirectory } from '../../state/directory.ts';
import { type Body, deals as dealsShape, type Stage } from './deal-shape.ts';

export type StageNeed = 'amount' | 'closeDate' | 'lostReason';

interface StageFormProps {
  /** The deal's name, or how many there are. */
  readonly subject: string;
  readonly stage: Stage;
  readonly stages: readonly Stage[];
  readonly needs: readonly StageNeed[];
  /** Saves the values with the stage; what it throws is shown here and the form stays. */
  readonly onSubmit: (values: Body) => Promise<void>;
  readonly onCancel: () => void;
}

/** What a stage needs before a deal may stand in it: asked for on the way in instead of refused afterwards. */
export function StageForm({ subject, stage, stages, needs, onSubmit, onCancel }: StageFormProps) {
  const currency = useDirectory((state) => state.currency);
  const reasons = useDirectory((state) => state.lostReasons);
  const [amount, setAmount] = useState('');
  const [closeDate, setCloseDate] = useState(() => date(today()));
  const [lostReason, setLostReason] = useState('');
  const [error, setError] = useState<RoadbookError | null>(null);
  const [busy, setBusy] = useState(false);
  const money = parseMoney(amount, currency);
  const day = parseDate(closeDate, new Date());
  const wants = (need: StageNeed) => needs.includes(need);
  const complete =
    (!wants('amount') || money !== null) &&
    (!wants('closeDate') || day !== null) &&
    (!wants('lostReason') || lostReason.trim() !== '');
  const submit = async () => {
    if (!complete || busy) return;
    setBusy(true);
    setError(null);
    try {
      await onSubmit({
        ...(wants('amount') ? { amount: money } : {}),
        ...(wants('closeDate') ? { closeDate: day } : {}),
        ...(wants('lostReason') ? { lostReason: lostReason.trim() } : {}),
      });
    } catch (thrown) {
      setError(asRoadbookError(thrown));
      setBusy(false);
    }
  };
  const errorFor = (need: StageNeed) => (error?.details.fieldName === need ? error.message : undefined);
  const elsewhere = error !== null && !needs.some((need) => error.details.fieldName === need);
  return (
    <Dialog
      title={`Move to ${stage.name}`}
      onClose={onCancel}
      footer={
        <>
          <Button onClick={onCancel}>Put back</Button>
          <Button variant="primary" type="submit" form="stage-form" disabled={!complete || busy} kbd="Enter">
            Move
          </Button>
        </>
      }
    >
      <form
        id="stage-form"
        className="stage-form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div className="row">
          <span className="b tr">{subject}</span>
          <span className="sp" />
          <StageMark stage={stage} stages={stages} />
        </div>
        {wants('amount') && (
          <Field label={dealsShape.amount} required error={errorFor('amount')}>
            {(control) => (
              <Input
                {...control}
                figures
                inputMode="decimal"
                prefix={<span className="n q">{currencySign(currency)}</span>}
                placeholder={decimal(0, fractionDigits(currency))}
                value={amount}
                onChange={(event) => setAmount(event.target.value)}
              />
            )}
          </Field>
        )}
        {wants('closeDate') && (
          <Field label={dealsShape.closeDate} required error={errorFor('closeDate')}>
            {(control) => (
              <DateInput
                control={control}
                label={dealsShape.closeDate}
                size="m"
                value={closeDate}
                onChange={setCloseDate}
                onPick={setCloseDate}
              />
            )}
          </Field>
        )}
        {wants('lostReason') && (
          <Field label={dealsShape.lostReason} required error={errorFor('lostReason')}>
            {(control) =>
              reasons.length === 0 ? (
                <Input
                  {...control}
                  value={lostReason}
                  onChange={(event) => setLostReason(event.target.value)}
                />
              ) : (
                <Select
                  {...control}
                  placeholder="Choose a reason"
                  value={lostReason}
                  options={reasons.map((reason) => ({ value: reason, label: reason }))}
                  onChange={(event) => setLostReason(event.target.value)}
                />
              )
            }
          </Field>
        )}
        {elsewhere && (
          <p className="sig" role="alert">
            {error.message} {error.hint}
          </p>
        )}
      </form>
    </Dialog>
  );
}
