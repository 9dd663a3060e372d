import './create.css';
import { ChevronRight } from 'lucide-react';
import { type KeyboardEvent, type SyntheticEvent, useId, useState } from 'react';
import type { RoadbookError } from '../../../shared/errors.ts';
import type { Body, CollectionName } from '../../../shared/model/index.ts';
import { entityFor } from '../../../shared/rules/shown.ts';
import { asRoadbookError, call } from '../../bridge.ts';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { Field } from '../../components/Field.tsx';
import { Icon } from '../../components/Icon.tsx';
import { modifier } from '../../components/Kbd.tsx';
import { Problem } from '../../components/Problem.tsx';
import { openDrafts } from '../../drafts/open.ts';
import { useDraft } from '../../drafts/useDraft.ts';
import { FieldInput } from '../../forms/FieldInput.tsx';
import { formFields, type Inputs, isUntouched, readForm, startValues, toInputs } from '../../forms/form.ts';
import { Restored } from '../../forms/Restored.tsx';
import { useApp } from '../../state/app.ts';
import { newId } from '../../state/ids.ts';
import { type CreateRequest, navigate, openCreate, useRouter } from '../../state/router.ts';
import { offerUndo } from '../../state/toasts.ts';
import { createIdentity } from './draft-names.ts';
import { useCompany } from './useCompany.ts';
import { useNames } from './useNames.ts';

interface CreateDialogProps extends CreateRequest {
  readonly onClose: () => void;
}

/** A form for a new record: what is needed first, the rest behind "More fields". */
export function CreateDialog({ collection, presets, onClose }: CreateDialogProps) {
  const entity = entityFor(useApp((app) => app.state?.user?.role) ?? '', collection);
  const { currency, pipelines, stagesOfDeal, choicesOf } = useCompany();
  const given: Body = collection === 'deals' ? { pipeline: pipelines[0]?.id, ...presets } : { ...presets };
  const [inputs, setInputs] = useState<Inputs>(() =>
    toInputs(entity, startValues(entity, given, stagesOfDeal(given))),
  );
  const [start] = useState(inputs);
  /** Kept in the draft: a form that comes back after it was saved does not make a second record. */
  const [id, setId] = useState(newId);
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [failure, setFailure] = useState<RoadbookError | null>(null);
  const [busy, setBusy] = useState(false);
  const [more, setMore] = useState(false);
  const { names, setName } = useNames(entity, inputs);
  const identity = createIdentity(collection, presets);
  const draft = useDraft(identity, (payload) => {
    const kept = payload as DraftPayload;
    setInputs({ ...start, ...kept.inputs });
    if (kept.id !== undefined) setId(kept.id);
  });
  const formId = useId();
  const { first, more: rest } = formFields(entity);
  const shown = collection === 'deals' && pipelines.length > 1 ? ['pipeline', ...first] : first;

  const change = (name: string, input: unknown) => {
    const next = { ...inputs, [name]: input };
    setInputs(next);
    setErrors(({ [name]: _mended, ...others }) => others);
    if (isUntouched(next, start)) draft.drop();
    else draft.note({ id, collection, presets, inputs: next } satisfies DraftPayload);
  };

  const cancel = () => {
    draft.drop();
    onClose();
    if (isUntouched(inputs, start)) return;
    offerUndo(`Discarded the new ${entity.singular}`, async () => {
      const drafts = await openDrafts();
      drafts?.note(identity, { id, collection, presets, inputs } satisfies DraftPayload);
      await drafts?.flush();
      openCreate(collection, presets);
    });
  };

  const save = async () => {
    const values = {
      ...given,
      ...readForm(entity, inputs, { currency, today: new Date(), stages: [] }).values,
    };
    const reading = readForm(entity, inputs, { currency, today: new Date(), stages: stagesOfDeal(values) });
    setErrors(reading.errors);
    setFailure(null);
    const wrong = Object.keys(reading.errors);
    if (wrong.length > 0) {
      if (wrong.some((name) => rest.includes(name))) setMore(true);
      focusFirst(formId);
      return;
    }
    setBusy(true);
    try {
      const row = await call('record.create', { collection, id, values: reading.values });
      draft.drop();
      onClose();
      if (!isAbout(presets, useRouter.getState().route)) navigate({ name: 'record', collection, id: row.id });
    } catch (thrown) {
      const error = asRoadbookError(thrown);
      // The record of this form is gone or is another one: saved again, it makes a new one.
      if (error.code === 'record.deleted' || error.code === 'record.taken') setId(newId());
      const field = error.details.fieldName;
      if (typeof field === 'string') setErrors({ [field]: error.message });
      else setFailure(error);
      setBusy(false);
    }
  };

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!busy) void save();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event);
  };

  const field = (name: string, index: number) => {
    const spec = entity.fields[name];
    if (spec === undefined) return null;
    return (
      <div key={name} className={isWide(name, spec.kind) ? 'create-field wide' : 'create-field'}>
        <Field label={spec.label} required={spec.required} error={errors[name]}>
          {(control) => (
            <FieldInput
              spec={spec}
              input={inputs[name] ?? null}
              control={index === 0 ? { ...control, autoFocus: true } : control}
              names={names}
              choices={choicesOf(name, inputs)}
              mode="form"
              currency={currency}
              onChange={(input) => change(name, input)}
              onName={setName}
            />
          )}
        </Field>
      </div>
    );
  };

  return (
    <Dialog
      title={`New ${entity.singular}`}
      width={560}
      onClose={cancel}
      footer={
        <>
          <span className="q f12 sp">Saved here at once, sent when online</span>
          <Button variant="ghost" onClick={cancel}>
            Cancel
          </Button>
          <Button
            variant="primary"
            type="submit"
            form={formId}
            kbd={`${modifier} Enter`}
            aria-disabled={busy}
          >
            {`Create ${entity.singular}`}
          </Button>
        </>
      }
    >
      <form id={formId} className="create-form" onSubmit={submit} onKeyDown={onKeyDown} noValidate>
        <Restored
          at={draft.restoredAt}
          onDiscard={() => {
            draft.drop();
            setInputs(start);
            setId(newId());
          }}
        />
        <Problem error={failure} />
        <div className="create-fields">{shown.map(field)}</div>
        {rest.length > 0 && (
          <button type="button" className="more" aria-expanded={more} onClick={() => setMore(!more)}>
            <Icon of={ChevronRight} size={14} tone={3} />
            {more ? 'Fewer fields' : `${rest.length} more fields`}
          </button>
        )}
        {more && <div className="create-fields">{rest.map((name) => field(name, -1))}</div>}
      </form>
    </Dialog>
  );
}

export interface DraftPayload {
  /** Absent in drafts of earlier versions. */
  readonly id?: string;
  readonly collection: CollectionName;
  readonly presets: Readonly<Record<string, unknown>>;
  readonly inputs: Inputs;
}

/** Made from a record's own page: the person stays there and sees it appear. */
function isAbout(presets: Readonly<Record<string, unknown>>, route: { name: string; id?: string }): boolean {
  return route.name === 'record' && Object.values(presets).includes(route.id);
}

const WIDE_FIELDS = ['name', 'subject', 'nextStep'];
function isWide(name: string, kind: string): boolean {
  return WIDE_FIELDS.includes(name) || ['long-text', 'emails', 'phones', 'address', 'tags'].includes(kind);
}

/** After the errors stand in the page. */
function focusFirst(formId: string): void {
  requestAnimationFrame(() => {
    document.getElementById(formId)?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  });
}
