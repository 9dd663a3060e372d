import { type PointerEvent as ReactPointerEvent, useCallback, useEffect, useRef, useState } from 'react';
import type { RecordRow } from '../../../shared/ipc.ts';

/** A card in the air. By pointer it has a place on the screen; by keys it stands in the column it would drop into. */
export interface Lift {
  readonly row: RecordRow;
  readonly from: string;
  readonly over: string;
  readonly by: 'pointer' | 'keys';
  readonly width: number;
}

interface DragOptions {
  readonly enabled: boolean;
  readonly onDrop: (lift: Lift) => void;
  /** Pressed and let go without moving. */
  readonly onOpen: (row: RecordRow, stage: string) => void;
  readonly board: { readonly current: HTMLElement | null };
  readonly clone: { readonly current: HTMLElement | null };
}

const THRESHOLD = 4;
const EDGE = 48;
const EDGE_SPEED = 12;

export interface BoardDrag {
  readonly lift: Lift | null;
  readonly press: (event: ReactPointerEvent<HTMLElement>, row: RecordRow, stage: string) => void;
  readonly pickUp: (row: RecordRow, stage: string) => void;
  readonly carry: (stage: string) => void;
  readonly putDown: () => void;
  readonly putBack: () => void;
}

/** Picking up, carrying and dropping cards, by pointer and by keys. */
export function useBoardDrag({ enabled, onDrop, onOpen, board, clone }: DragOptions): BoardDrag {
  const [lift, setLift] = useState<Lift | null>(null);
  const current = useRef<Lift | null>(null);
  const stop = useRef<(() => void) | null>(null);
  const callbacks = useRef({ onDrop, onOpen });
  callbacks.current = { onDrop, onOpen };

  const set = useCallback((next: Lift | null) => {
    current.current = next;
    setLift(next);
  }, []);

  const press = useCallback(
    (event: ReactPointerEvent<HTMLElement>, row: RecordRow, stage: string) => {
      if (event.button !== 0) return;
      const card = event.currentTarget;
      const box = card.getBoundingClientRect();
      const start = { x: event.clientX, y: event.clientY };
      const grip = { x: event.clientX - box.left, y: event.clientY - box.top };
      let pointer = start;
      let frame = 0;
      const follow = () => {
        frame = 0;
        const held = current.current;
        if (held === null) return;
        place(clone.current, pointer.x - grip.x, pointer.y - grip.y);
        const scrolled = scrollEdge(board.current, pointer.x);
        const over = stageAt(board.current, pointer.x, pointer.y) ?? held.from;
        if (over !== held.over) set({ ...held, over });
        if (scrolled) frame = requestAnimationFrame(follow);
      };
      const move = (moved: PointerEvent) => {
        pointer = { x: moved.clientX, y: moved.clientY };
        if (current.current === null) {
          const far = Math.hypot(pointer.x - start.x, pointer.y - start.y) >= THRESHOLD;
          if (!far || !enabled) return;
          set({ row, from: stage, over: stage, by: 'pointer', width: box.width });
        }
        if (frame === 0) frame = requestAnimationFrame(follow);
      };
      const end = (finish: 'drop' | 'cancel') => {
        window.removeEventListener('pointermove', move);
        window.removeEventListener('pointerup', up);
        window.removeEventListener('pointercancel', cancel);
        window.removeEventListener('keydown', key, true);
        cancelAnimationFrame(frame);
        stop.current = null;
        const held = current.current;
        set(null);
        if (finish === 'cancel') return;
        if (held === null) callbacks.current.onOpen(row, stage);
        // Where it is let go counts, not where the last drawn frame saw it.
        else
          callbacks.current.onDrop({
            ...held,
            over: stageAt(board.current, pointer.x, pointer.y) ?? held.from,
          });
      };
      const up = (released: PointerEvent) => {
        pointer = { x: released.clientX, y: released.clientY };
        end('drop');
      };
      const cancel = () => end('cancel');
      const key = (pressed: KeyboardEvent) => {
        if (pressed.key !== 'Escape' || current.current === null) return;
        pressed.preventDefault();
        pressed.stopPropagation();
        end('cancel');
      };
      window.addEventListener('pointermove', move);
      window.addEventListener('pointerup', up);
      window.addEventListener('pointercancel', cancel);
      window.addEventListener('keydown', key, true);
      stop.current = cancel;
    },
    [enabled, set, board, clone],
  );
  useEffect(() => () => stop.current?.(), []);

  return {
    lift,
    press,
    pickUp: (row, stage) => {
      if (enabled) set({ row, from: stage, over: stage, by: 'keys', width: 0 });
    },
    carry: (stage) => {
      if (current.current !== null) set({ ...current.current, over: stage });
    },
    putDown: () => {
      const held = current.current;
      set(null);
      if (held !== null) callbacks.current.onDrop(held);
    },
    putBack: () => set(null),
  };
}

/** Moves the floating card without drawing the board anew. */
export function place(element: HTMLElement | null, x: number, y: number): void {
  if (element !== null) element.style.transform = `translate(${x}px, ${y}px)`;
}

function stageAt(board: HTMLElement | null, x: number, y: number): string | undefined {
  if (board === null) return undefined;
  const box = board.getBoundingClientRect();
  if (y < box.top || y > box.bottom) return undefined;
  for (const column of board.querySelectorAll<HTMLElement>('[data-stage]')) {
    const { left, right } = column.getBoundingClientRect();
    if (x >= left && x < right) return column.dataset.stage;
  }
  return undefined;
}

function scrollEdge(board: HTMLElement | null, x: number): boolean {
  if (board === null) return false;
  const { left, right } = board.getBoundingClientRect();
  const by = x < left + EDGE ? -EDGE_SPEED : x > right - EDGE ? EDGE_SPEED : 0;
  if (by === 0) return false;
  const before = board.scrollLeft;
  board.scrollLeft += by;
  return board.scrollLeft !== before;
}
