import { type SyntheticEvent, useId, useState } from 'react';
import { RoadbookError } from '../../../shared/errors.ts';
import type { RecordRow } from '../../../shared/ipc.ts';
import { type Body, entityOf, type Stage } from '../../../shared/model/index.ts';
import { validateEdit } from '../../../shared/rules/validate.ts';
import { asRoadbookError } from '../../bridge.ts';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { Field } from '../../components/Field.tsx';
import { FieldInput } from '../../forms/FieldInput.tsx';
import { type InputValue, readInput, toInput } from '../../forms/input.ts';
import { useCompany } from './useCompany.ts';

interface StageDialogProps {
  readonly row: RecordRow;
  readonly stage: Stage;
  readonly stages: readonly Stage[];
  readonly onClose: () => void;
  /** Saves the stage with what it needs, as one act. */
  readonly onSave: (values: Body) => Promise<void>;
}

/** What a stage needs before a deal may stand in it. */
export function StageDialog({ row, stage, stages, onClose, onSave }: StageDialogProps) {
  const entity = entityOf('deals');
  const { currency, choicesOf } = useCompany();
  const [needed] = useState(() =>
    validateEdit(entity, { ...row.body, stage: stage.id }, ['stage'], { stages }).map(({ field }) => field),
  );
  const [inputs, setInputs] = useState<Readonly<Record<string, InputValue>>>(() =>
    Object.fromEntries(
      needed.map((name) => [name, entity.fields[name] ? toInput(entity.fields[name], row.body[name]) : '']),
    ),
  );
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const formId = useId();

  const save = async () => {
    const values: Body = { stage: stage.id };
    const wrong: Record<string, string> = {};
    for (const name of needed) {
      const spec = entity.fields[name];
      if (spec === undefined) continue;
      const reading = readInput(name, spec, inputs[name], { currency, today: new Date() });
      if (reading.ok) values[name] = reading.value;
      else wrong[name] = reading.message;
    }
    const changed = Object.keys(values);
    for (const problem of validateEdit(entity, { ...row.body, ...values }, changed, { stages })) {
      wrong[problem.field] ??= new RoadbookError(problem.code, problem.details).message;
    }
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) return;
    try {
      await onSave(values);
    } catch (thrown) {
      const error = asRoadbookError(thrown);
      const field = typeof error.details.fieldName === 'string' ? error.details.fieldName : (needed[0] ?? '');
      setErrors({ [field]: error.message });
    }
  };

  return (
    <Dialog
      title={`Move to ${stage.name}`}
      onClose={onClose}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="primary" type="submit" form={formId} kbd="Enter">
            {`Move to ${stage.name}`}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="create-form"
        noValidate
        onSubmit={(event: SyntheticEvent) => {
          event.preventDefault();
          void save();
        }}
      >
        {needed.map((name, index) => {
          const spec = entity.fields[name];
          if (spec === undefined) return null;
          return (
            <Field key={name} label={spec.label} required error={errors[name]}>
              {(control) => (
                <FieldInput
                  spec={spec}
                  input={inputs[name]}
                  control={index === 0 ? { ...control, autoFocus: true } : control}
                  names={{}}
                  choices={choicesOf(name, row.body)}
                  mode="form"
                  needed
                  currency={currency}
                  onChange={(input) => setInputs({ ...inputs, [name]: input })}
                />
              )}
            </Field>
          );
        })}
      </form>
    </Dialog>
  );
}
