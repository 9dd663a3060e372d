import { create } from 'zustand';
import type { RoadbookError } from '../../shared/errors.ts';

/**
 * What was done, and Undo; or what a person asked for and did not get, where no screen is there to say so. Problems of a
 * record appear on the record instead.
 */
export interface Toast {
  readonly id: number;
  readonly text: string;
  /** Null: nothing was done. */
  readonly undo: (() => Promise<void>) | null;
}

interface ToastStore {
  readonly toast: Toast | null;
}

export const useToasts = create<ToastStore>()(() => ({ toast: null }));
let lastId = 0;

/** Shows what was done; a newer act replaces an older one. */
export function offerUndo(text: string, undo: () => Promise<void>): void {
  show(text, undo);
}

/**
 * Says that something asked for did not happen, and why.
 * @param what one sentence: "Roadbook is not locked."
 */
export function showTrouble(what: string, error?: RoadbookError): void {
  show(error === undefined ? what : `${what} ${error.message} ${error.hint}`, null);
}

export function dismissToast(id?: number): void {
  useToasts.setState((state) => (id === undefined || state.toast?.id === id ? { toast: null } : state));
}

function show(text: string, undo: Toast['undo']): void {
  lastId += 1;
  useToasts.setState({ toast: { id: lastId, text, undo } });
}
