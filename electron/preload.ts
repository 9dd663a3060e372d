import { contextBridge, ipcRenderer } from 'electron';
import { CHANNEL_CALL, CHANNEL_EVENT } from '../shared/ipc/channel.ts';
// The channel names alone: the schemas of the contract stay out of the sandboxed bundle.
import type { Bridge } from '../shared/ipc.ts';

type Listener = (payload: unknown) => void;

const listeners = new Map<string, Set<Listener>>();

ipcRenderer.on(CHANNEL_EVENT, (_event, name: string, payload: unknown) => {
  for (const listener of listeners.get(name) ?? []) listener(payload);
});

const bridge: Bridge = {
  call: (name, input) => ipcRenderer.invoke(CHANNEL_CALL, name, input),
  on: (name, listener) => {
    const known = listeners.get(name) ?? new Set<Listener>();
    listeners.set(name, known);
    // A wrapper of its own, so that one function registered twice is removed once.
    const entry: Listener = (payload) => listener(payload as Parameters<typeof listener>[0]);
    known.add(entry);
    return () => known.delete(entry);
  },
};

contextBridge.exposeInMainWorld('roadbook', bridge);
