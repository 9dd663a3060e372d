import { Eye, EyeOff } from 'lucide-react';
import { type ComponentProps, useState } from 'react';
import { IconButton } from '../../components/Button.tsx';
import { Input } from '../../components/Field.tsx';

type SecretInputProps = Omit<ComponentProps<typeof Input>, 'type' | 'suffix' | 'size'> & {
  /** What is shown and hidden: "passphrase", "password". */
  readonly what: string;
};

/** Hidden unless asked: offices have windows, and long passphrases have typos. */
export function SecretInput({ what, ...rest }: SecretInputProps) {
  const [shown, setShown] = useState(false);
  return (
    <Input
      {...rest}
      size="l"
      type={shown ? 'text' : 'password'}
      autoCapitalize="off"
      suffix={
        <IconButton
          className="eye"
          size="s"
          icon={shown ? EyeOff : Eye}
          label={shown ? `Hide the ${what}` : `Show the ${what}`}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        />
      }
    />
  );
}
