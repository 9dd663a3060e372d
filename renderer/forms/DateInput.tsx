import { CalendarDays, ChevronLeft, ChevronRight } from 'lucide-react';
import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import { IconButton } from '../components/Button.tsx';
import { Input } from '../components/Field.tsx';
import { Popover } from '../components/Popover.tsx';
import { date } from '../format.ts';
import type { ControlProps } from './control.ts';
import { addDays, dayOf, isoDate, monthPage, parseDate } from './dates.ts';

interface DateInputProps {
  readonly control: ControlProps;
  readonly label: string;
  readonly value: string;
  readonly size: 's' | 'm';
  readonly onChange: (text: string) => void;
  /** A day was picked from the calendar. */
  readonly onPick: (text: string) => void;
}

/** A day, written as people write it, or picked from a month. */
export function DateInput({ control, label, value, size, onChange, onPick }: DateInputProps) {
  const [open, setOpen] = useState(false);
  const today = new Date();
  const chosen = parseDate(value, today);
  return (
    <Input
      {...control}
      figures
      size={size}
      placeholder="30 Nov 2017"
      value={value}
      onChange={(event) => onChange(event.target.value)}
      suffix={
        <Popover
          open={open}
          onOpenChange={setOpen}
          label={`${label}, calendar`}
          align="end"
          className="calendar"
          trigger={
            <IconButton
              className="inp-button"
              size="s"
              icon={CalendarDays}
              label={`Pick ${label.toLowerCase()}`}
            />
          }
        >
          <Calendar
            day={(chosen === null ? null : dayOf(chosen)) ?? today}
            chosen={chosen}
            today={isoDate(today)}
            onPick={(iso) => {
              setOpen(false);
              onPick(date(iso));
            }}
          />
        </Popover>
      }
    />
  );
}

interface CalendarProps {
  /** Day that the cursor starts on. */
  readonly day: Date;
  readonly chosen: string | null;
  readonly today: string;
  readonly onPick: (iso: string) => void;
}

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
const WEEKDAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];

/** One month; arrows move by days and weeks, Page up and Page down by months, Enter picks. */
function Calendar({ day, chosen, today, onPick }: CalendarProps) {
  const [cursor, setCursor] = useState(day);
  const grid = useRef<HTMLDivElement>(null);
  const focusCursor = useCallback(
    () => requestAnimationFrame(() => grid.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus()),
    [],
  );
  // The panel gives the focus to its first button; a calendar is moved in by days.
  useEffect(() => {
    const frame = focusCursor();
    return () => cancelAnimationFrame(frame);
  }, [focusCursor]);
  const pages = monthPage(cursor.getFullYear(), cursor.getMonth());
  const move = (to: Date) => {
    setCursor(to);
    // The button of the new day exists after the next drawing.
    focusCursor();
  };
  const months = (step: number) => {
    const target = new Date(cursor.getFullYear(), cursor.getMonth() + step + 1, 0);
    return new Date(target.getFullYear(), target.getMonth(), Math.min(cursor.getDate(), target.getDate()));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step !== undefined) move(addDays(cursor, step));
    else if (event.key === 'PageUp') move(months(-1));
    else if (event.key === 'PageDown') move(months(1));
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div className="row calendar-head">
        <span className="b sp" aria-live="polite">
          {cursor.toLocaleString('en', { month: 'long', year: 'numeric' })}
        </span>
        <IconButton size="s" icon={ChevronLeft} label="Month before" onClick={() => setCursor(months(-1))} />
        <IconButton size="s" icon={ChevronRight} label="Month after" onClick={() => setCursor(months(1))} />
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows move between the buttons inside */}
      <div className="calendar-days" ref={grid} onKeyDown={onKeyDown}>
        {WEEKDAYS.map((weekday) => (
          <span key={weekday} className="q f11" aria-hidden="true">
            {weekday}
          </span>
        ))}
        {pages.map((entry) => {
          const iso = isoDate(entry);
          const outside = entry.getMonth() !== cursor.getMonth();
          return (
            <button
              key={iso}
              type="button"
              tabIndex={iso === isoDate(cursor) ? 0 : -1}
              className={outside ? 'n q' : 'n'}
              aria-label={date(iso)}
              aria-pressed={iso === chosen}
              aria-current={iso === today ? 'date' : undefined}
              onClick={() => onPick(iso)}
            >
              {entry.getDate()}
            </button>
          );
        })}
      </div>
    </>
  );
}
