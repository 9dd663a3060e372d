import { expect, test } from 'vitest';
import { describeError, REDACTED, redact } from '../../../electron/shell/redact.ts';
import { RoadbookError } from '../../../shared/errors.ts';

test('numbers, truth values, codes and ids are logged as they are', () => {
  const fields = {
    rows: 500,
    done: true,
    none: null,
    code: 'sync.offline',
    user: '01a202ab-98ab-7132-9344-d56aa636cb6c',
    version: '0.1.0',
    method: 'record.update',
  };
  expect(redact(fields)).toEqual(fields);
});

test.each([
  ['a name', { subject: 'Acme Racks' }],
  ['a one-word name under an unknown member', { company: 'Acme' }],
  ['an e-mail address', { user: 'mara@northgate.example' }],
  ['a password', { password: 'correct' }],
  ['a token', { id: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc' }],
  ['a refresh token under a speakable member', { code: 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4' }],
  ['a raw key in hex', { id: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' }],
  ['an address', { server: 'https://sync.example.com' }],
  ['free text under a speakable member', { reason: 'They want the quote' }],
  ['a nested record', { record: { name: 'Acme' } }],
  ['a list of values', { id: ['Acme'] }],
])('%s never reaches the log', (_what, fields) => {
  expect(Object.values(redact(fields))).toEqual([REDACTED]);
});

test('an error is logged by class, code and place, never by its message', () => {
  const error = new RoadbookError('record.invalid', { field: 'Acme Racks', reason: 'x' });
  const { fields, frames } = describeError(error);
  expect(redact(fields)).toEqual({ errorName: 'RoadbookError', code: 'record.invalid' });
  expect(JSON.stringify([fields, frames])).not.toContain('Acme');
  expect(frames[0]).toMatch(/redact\.test\.ts:\d+:\d+$/);
  expect(frames.join()).not.toContain('/');
});

test('an error whose message spans lines gives away none of them', () => {
  const error = new Error('first\n    at Acme Racks (secret.ts:1:1 but not a frame)\nlast');
  expect(JSON.stringify(describeError(error))).not.toContain('but not a frame');
});

test('what is thrown without being an error says only its type', () => {
  expect(describeError('Acme')).toEqual({ fields: { errorName: 'string' }, frames: [] });
});
