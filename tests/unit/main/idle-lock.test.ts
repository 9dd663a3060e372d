import { expect, test } from 'vitest';
import { watchIdle } from '../../../electron/shell/idle-lock.ts';

function machine() {
  const state = { idle: 0, limit: 15, open: true, locked: 0, ended: false };
  let look: () => void = () => undefined;
  const watch = watchIdle({
    idleSeconds: () => state.idle,
    limitMinutes: () => state.limit,
    isOpen: () => state.open,
    lock: async () => {
      state.locked += 1;
      state.open = false;
    },
    failed: (error) => {
      throw error;
    },
    every: (_millis, given) => {
      look = given;
      return () => {
        state.ended = true;
      };
    },
  });
  return { state, watch, look: () => look() };
}

test('records lock once the machine has been idle for as long as the person chose, and not before', () => {
  const { state, look } = machine();
  state.idle = 15 * 60 - 1;
  look();
  expect(state.locked).toBe(0);
  state.idle = 15 * 60;
  look();
  look();
  expect(state.locked).toBe(1);
});

test('a person who chose never is not locked out by waiting, but a machine that goes to sleep locks', () => {
  const { state, look, watch } = machine();
  state.limit = 0;
  state.idle = 1_000_000;
  look();
  expect(state.locked).toBe(0);
  watch.suspending();
  expect(state.locked).toBe(1);
  watch.suspending();
  expect(state.locked).toBe(1);
});

test('nothing is locked that is not open, and the watch ends', () => {
  const { state, look, watch } = machine();
  state.open = false;
  state.idle = 1_000_000;
  look();
  watch.suspending();
  expect(state.locked).toBe(0);
  watch.stop();
  expect(state.ended).toBe(true);
});
