/** A string that must not be found, as the bytes it may have turned into. */
export interface Needle {
  readonly text: string;
  readonly form: string;
  readonly bytes: Buffer;
}

function utf16be(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

/**
 * The part of a base64 text that is the same whatever stands before and after: a string may begin at any of the
 * three places of a group, and its first and last letters then share bits with their neighbours.
 */
function base64Cores(plain: Buffer): Buffer[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), plain])
      .toString('base64')
      .replace(/=+$/, '');
    const from = Math.ceil((offset * 8) / 6);
    const to = Math.floor(((offset + plain.length) * 8) / 6);
    return Buffer.from(encoded.slice(from, to), 'latin1');
  });
}

/** Every form in which a string could lie in a file: three encodings, each plain, in hex and in base64. */
export function needlesOf(texts: readonly string[]): Needle[] {
  return texts.flatMap((text) => {
    const encodings: readonly (readonly [string, Buffer])[] = [
      ['utf-8', Buffer.from(text, 'utf8')],
      ['utf-16le', Buffer.from(text, 'utf16le')],
      ['utf-16be', utf16be(text)],
    ];
    return encodings.flatMap(([name, plain]) => [
      { text, form: name, bytes: plain },
      { text, form: `hex of ${name}`, bytes: Buffer.from(plain.toString('hex'), 'latin1') },
      { text, form: `HEX of ${name}`, bytes: Buffer.from(plain.toString('hex').toUpperCase(), 'latin1') },
      ...base64Cores(plain).map((bytes, offset) => ({ text, form: `base64+${offset} of ${name}`, bytes })),
    ]);
  });
}
