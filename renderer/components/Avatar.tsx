import './avatar.css';
import { initials, tint } from '../format.ts';

interface AvatarProps {
  readonly name: string;
  /** What the tint hangs on, so that it stays when the name changes; default is the name. */
  readonly id?: string;
  /** 20 px, 24 px or 40 px. */
  readonly size?: 's' | 'm' | 'l';
  /** People are round, companies and things square. */
  readonly square?: boolean;
}

/** Initials on a tint. The name stands beside it, so that it is not read aloud twice. */
export function Avatar({ name, id, size = 's', square = false }: AvatarProps) {
  const letters = square ? initials(name).slice(0, 1) : initials(name);
  const classes = ['av', `av${tint(id ?? name)}`, size === 'm' && 'l', size === 'l' && 'xl', square && 'sq'];
  return (
    <span className={classes.filter(Boolean).join(' ')} aria-hidden="true">
      {letters}
    </span>
  );
}
