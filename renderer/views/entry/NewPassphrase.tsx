import { Field } from '../../components/Field.tsx';
import { strength } from './passphrase.ts';
import { SecretInput } from './SecretInput.tsx';

interface NewPassphraseProps {
  readonly value: string;
  readonly again: string;
  readonly onChange: (value: string) => void;
  readonly onAgain: (value: string) => void;
  /** True after the person tried to go on: only then is something called wrong. */
  readonly tried: boolean;
  readonly focus?: boolean;
  readonly label?: string;
}

export function passphraseReady(value: string, again: string): boolean {
  return strength(value).enough && value === again;
}

/** A passphrase, typed twice, with a meter that knows only length. */
export function NewPassphrase({
  value,
  again,
  onChange,
  onAgain,
  tried,
  focus = false,
  label = 'Passphrase',
}: NewPassphraseProps) {
  const { share, words, enough } = strength(value);
  return (
    <>
      <Field label={label} error={tried && !enough ? words : undefined}>
        {(control) => (
          <div className="strength">
            <SecretInput
              {...control}
              what="passphrase"
              autoFocus={focus}
              autoComplete="new-password"
              value={value}
              onChange={(event) => onChange(event.target.value)}
            />
            <Meter share={share} />
            {!(tried && !enough) && (
              <div className="f12 q" role="status">
                {words}
              </div>
            )}
          </div>
        )}
      </Field>
      <Field
        label="The same again"
        error={tried && enough && value !== again ? 'The two are not the same.' : undefined}
      >
        {(control) => (
          <SecretInput
            {...control}
            what="passphrase"
            autoComplete="new-password"
            value={again}
            onChange={(event) => onAgain(event.target.value)}
          />
        )}
      </Field>
    </>
  );
}

const TICKS = [0, 25, 50, 75, 100];

function Meter({ share }: { readonly share: number }) {
  return (
    <div className="odo" aria-hidden="true">
      <i style={{ width: `${Math.round(share * 100)}%` }} />
      {TICKS.map((tick) => (
        <b key={tick} style={{ left: `calc(${tick}% - ${tick === 100 ? 1 : 0}px)` }} />
      ))}
    </div>
  );
}
