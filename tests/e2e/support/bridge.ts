import type { Page } from '@playwright/test';
import type { Bridge, Input, MethodName, Output } from '../../../shared/ipc.ts';

/** Asks the main process as the window does; for finding things and comparing, never for what a test is about. */
export async function ask<M extends MethodName>(page: Page, name: M, input: Input<M>): Promise<Output<M>> {
  const answer = await page.evaluate(
    ([method, payload]) =>
      (Reflect.get(window, 'roadbook') as Bridge).call(method as 'app.state', payload as never),
    [name, input] as const,
  );
  if (!answer.ok) throw new Error(`${name} was refused: ${answer.error.code}`);
  return answer.value as Output<M>;
}
