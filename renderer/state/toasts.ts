import { create } from 'zustand';

/** The only toast there is: what was done, and Undo. Problems appear on the record instead. */
export interface UndoToast {
  readonly id: number;
  readonly text: string;
  readonly undo: () => Promise<void>;
}

interface ToastStore {
  readonly toast: UndoToast | null;
}

export const useToasts = create<ToastStore>()(() => ({ toast: null }));
let lastId = 0;

/** Shows what was done; a newer act replaces an older one. */
export function offerUndo(text: string, undo: () => Promise<void>): void {
  lastId += 1;
  useToasts.setState({ toast: { id: lastId, text, undo } });
}

export function dismissToast(id?: number): void {
  useToasts.setState((state) => (id === undefined || state.toast?.id === id ? { toast: null } : state));
}
