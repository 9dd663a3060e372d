import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import type { Address, EmailItem, PhoneItem } from '../../shared/model/index.ts';
import { uuidv7 } from '../../shared/sync/ids.ts';
import { Button, IconButton } from '../components/Button.tsx';
import { Input, Select } from '../components/Field.tsx';
import type { ControlProps } from './control.ts';

const EMAIL_TYPES = [
  { value: 'work', label: 'Work' },
  { value: 'home', label: 'Home' },
  { value: 'other', label: 'Other' },
];
const PHONE_TYPES = [
  { value: 'work', label: 'Work' },
  { value: 'mobile', label: 'Mobile' },
  { value: 'home', label: 'Home' },
  { value: 'fax', label: 'Fax' },
  { value: 'other', label: 'Other' },
];

interface ItemsInputProps {
  readonly control: ControlProps;
  readonly label: string;
  readonly kind: 'emails' | 'phones';
  readonly items: readonly (EmailItem | PhoneItem)[];
  readonly onChange: (items: readonly (EmailItem | PhoneItem)[]) => void;
}

/** Several e-mail addresses or phone numbers, each with its type. */
export function ItemsInput({ control, label, kind, items, onChange }: ItemsInputProps) {
  const member = kind === 'emails' ? 'address' : 'number';
  const types = kind === 'emails' ? EMAIL_TYPES : PHONE_TYPES;
  const shown = items.length > 0 ? items : [blank(kind)];
  const change = (index: number, part: Partial<EmailItem & PhoneItem>) =>
    onChange(shown.map((item, at) => (at === index ? { ...item, ...part } : item)));
  return (
    <div className="items">
      {shown.map((item, index) => (
        <div className="items-line" key={item.id}>
          <Select
            size="s"
            aria-label={`Type of ${label.toLowerCase()} ${index + 1}`}
            value={item.type}
            options={known(types, item.type)}
            onChange={(event) => change(index, { type: event.target.value })}
          />
          <Input
            {...(index === 0 ? control : { 'aria-label': `${label} ${index + 1}` })}
            size="s"
            type={kind === 'emails' ? 'email' : 'tel'}
            value={String((item as unknown as Record<string, unknown>)[member] ?? '')}
            onChange={(event) => change(index, { [member]: event.target.value })}
          />
          <IconButton
            size="s"
            icon={X}
            iconSize={14}
            label={`Remove ${label.toLowerCase()} ${index + 1}`}
            onClick={() => onChange(shown.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <Button size="s" variant="ghost" icon={Plus} onClick={() => onChange([...shown, blank(kind)])}>
        {kind === 'emails' ? 'Another address' : 'Another number'}
      </Button>
    </div>
  );
}

function blank(kind: 'emails' | 'phones'): EmailItem | PhoneItem {
  const id = uuidv7(Date.now(), (length) => crypto.getRandomValues(new Uint8Array(length)));
  return kind === 'emails' ? { id, type: 'work', address: '' } : { id, type: 'work', number: '' };
}

function known(types: readonly { value: string; label: string }[], type: string) {
  return types.some(({ value }) => value === type) ? types : [...types, { value: type, label: type }];
}

interface TagsInputProps {
  readonly control: ControlProps;
  readonly label: string;
  readonly tags: readonly string[];
  readonly onChange: (tags: readonly string[]) => void;
}

/** Words; Enter or a comma adds one, Backspace takes the last one away. */
export function TagsInput({ control, label, tags, onChange }: TagsInputProps) {
  const [text, setText] = useState('');
  const add = () => {
    const added = text
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== '' && !tags.includes(tag));
    setText('');
    if (added.length > 0) onChange([...tags, ...new Set(added)]);
  };
  return (
    <div className="inp tags">
      {tags.map((tag) => (
        <span className="tag" key={tag}>
          {tag}
          <button
            type="button"
            aria-label={`Remove ${tag}`}
            onClick={() => onChange(tags.filter((other) => other !== tag))}
          >
            <X size={12} strokeWidth={1.5} absoluteStrokeWidth aria-hidden="true" />
          </button>
        </span>
      ))}
      <input
        {...control}
        aria-label={`Add to ${label.toLowerCase()}`}
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={add}
        onKeyDown={(event) => {
          if ((event.key === 'Enter' || event.key === ',') && text.trim() !== '') {
            add();
            event.preventDefault();
            event.stopPropagation();
          } else if (event.key === 'Backspace' && text === '') {
            onChange(tags.slice(0, -1));
          }
        }}
      />
    </div>
  );
}

const PARTS = [
  ['street', 'Street'],
  ['postcode', 'Postcode'],
  ['city', 'City'],
  ['region', 'Region'],
  ['country', 'Country'],
] as const;

interface AddressInputProps {
  readonly control: ControlProps;
  readonly label: string;
  readonly address: Address;
  readonly onChange: (address: Address) => void;
}

export function AddressInput({ control, label, address, onChange }: AddressInputProps) {
  return (
    <div className="address">
      {PARTS.map(([part, word]) => (
        <Input
          {...(part === 'street' ? control : {})}
          key={part}
          size="s"
          className={`address-${part}`}
          aria-label={`${label}, ${word.toLowerCase()}`}
          placeholder={word}
          value={address[part] ?? ''}
          onChange={(event) => onChange({ ...address, [part]: event.target.value })}
        />
      ))}
    </div>
  );
}
