// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { swallowSecondClick } from '../../../renderer/components/second-click.ts';

/** What reached the page that has opened: type and count of each. */
let heard: string[] = [];
let opened: HTMLButtonElement;

beforeEach(() => {
  heard = [];
  opened = document.createElement('button');
  for (const type of ['mousedown', 'mouseup', 'click', 'dblclick']) {
    opened.addEventListener(type, (event) => heard.push(`${type} ${(event as MouseEvent).detail}`));
  }
  document.body.append(opened);
});
afterEach(() => {
  // A press of its own, so that no guard of one test stands in the next.
  send('mousedown', 1);
  opened.remove();
});

function send(type: string, detail: number): void {
  opened.dispatchEvent(new MouseEvent(type, { detail, bubbles: true, cancelable: true }));
}
const press = (count: number) => {
  for (const type of ['mousedown', 'mouseup', 'click']) send(type, count);
};
const secondHalf = () => {
  press(2);
  send('dblclick', 2);
};

describe('the second half of a double click', () => {
  it('reaches nothing where the first half opened when the pointer was let go, as a card does', () => {
    swallowSecondClick();
    send('mouseup', 1);
    send('click', 1);
    heard = [];
    secondHalf();
    expect(heard).toEqual([]);
  });

  it('reaches nothing where the first half opened with its click, as a row does', () => {
    swallowSecondClick();
    secondHalf();
    expect(heard).toEqual([]);
  });

  it('reaches nothing where keys have pressed in between, which press with no count', () => {
    swallowSecondClick();
    send('click', 0);
    expect(heard).toEqual(['click 0']);
    heard = [];
    secondHalf();
    expect(heard).toEqual([]);
  });

  it('is free again after a press of its own', () => {
    swallowSecondClick();
    secondHalf();
    press(1);
    expect(heard).toEqual(['mousedown 1', 'mouseup 1', 'click 1']);
    secondHalf();
    expect(heard.slice(3)).toEqual(['mousedown 2', 'mouseup 2', 'click 2', 'dblclick 2']);
  });
});
