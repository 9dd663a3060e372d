import './menu.css';
import type { LucideIcon } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { useFloatHost } from './Dialog.tsx';
import { Icon } from './Icon.tsx';
import { Kbd } from './Kbd.tsx';

interface MenuProps {
  /** One button; it is given what it needs to open the menu. */
  readonly trigger: ReactNode;
  readonly label: string;
  readonly align?: 'start' | 'end';
  readonly side?: 'top' | 'bottom';
  readonly children: ReactNode;
}

/**
 * A menu at a button. Not modal: the modal kind locks scrolling through an injected style element, which the window's
 * policy refuses.
 */
export function Menu({ trigger, label, align = 'start', side = 'bottom', children }: MenuProps) {
  const host = useFloatHost();
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal {...(host === undefined ? {} : { container: host })}>
        <DropdownMenu.Content
          className="float menu"
          aria-label={label}
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface MenuItemProps {
  readonly icon?: LucideIcon | undefined;
  readonly kbd?: string | undefined;
  readonly disabled?: boolean;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}

export function MenuItem({ icon, kbd, disabled, onSelect, children }: MenuItemProps) {
  return (
    <DropdownMenu.Item className="menu-item" disabled={disabled === true} onSelect={onSelect}>
      {icon !== undefined && <Icon of={icon} />}
      <span className="tr sp">{children}</span>
      {kbd !== undefined && <Kbd>{kbd}</Kbd>}
    </DropdownMenu.Item>
  );
}

interface MenuChoiceProps<T extends string> {
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: ReactNode }[];
  readonly onChange: (value: T) => void;
}

/** One of several, marked. */
export function MenuChoice<T extends string>({ value, options, onChange }: MenuChoiceProps<T>) {
  return (
    <DropdownMenu.RadioGroup value={value}>
      {options.map((option) => (
        <DropdownMenu.RadioItem
          key={option.value}
          className="menu-item menu-choice"
          value={option.value}
          onSelect={() => onChange(option.value)}
        >
          {option.label}
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}

export function MenuLabel({ children }: { readonly children: ReactNode }) {
  return <DropdownMenu.Label className="menu-label h">{children}</DropdownMenu.Label>;
}

export function MenuRule() {
  return <DropdownMenu.Separator className="menu-rule" />;
}
