// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { DateInput } from '../../../renderer/forms/DateInput.tsx';
import '../renderer/patience.ts';

afterEach(cleanup);

describe('the calendar of a date', () => {
  it('starts on the day that is written, moves by arrows and months, and picks by Enter', async () => {
    const picked: string[] = [];
    render(
      <DateInput
        control={{ 'aria-label': 'Close date' }}
        label="Close date"
        size="m"
        value="30 Nov 2017"
        onChange={() => undefined}
        onPick={(text) => picked.push(text)}
      />,
    );
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Pick close date' })));
    const day = (name: string) => screen.getByRole('button', { name });
    await waitFor(() => expect(document.activeElement).toBe(day('30 Nov 2017')));
    expect(day('30 Nov 2017').getAttribute('aria-pressed')).toBe('true');
    await act(async () => fireEvent.keyDown(day('30 Nov 2017'), { key: 'ArrowRight' }));
    await waitFor(() => expect(document.activeElement).toBe(day('01 Dec 2017')));
    await act(async () => fireEvent.keyDown(day('01 Dec 2017'), { key: 'PageDown' }));
    await waitFor(() => expect(document.activeElement).toBe(day('01 Jan 2018')));
    await act(async () => fireEvent.click(day('01 Jan 2018')));
    expect(picked).toEqual(['01 Jan 2018']);
  });
});
