/** Marks of what follows, in the order in which SQLite puts the kinds. */
const NOTHING = 1;
const NUMBER = 2;
const TEXT = 3;
const BYTES = 4;
/** A byte 0 within a value is followed by this one, the end of a value is 0 and then 1. */
const ESCAPED = 0xff;
const END = 1;

/**
 * Writes the values of one row as bytes whose order, compared byte by byte, is that of the values: nothing, numbers,
 * texts and keys by byte. No key is the beginning of another one, also where values stand the other way round.
 */
export class KeyWriter {
  #bytes: Buffer = Buffer.alloc(1024);
  readonly #number = new DataView(new ArrayBuffer(8));
  #length = 0;

  /** What is written so far; another view of the same memory after the next write. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  get length(): number {
    return this.#length;
  }

  start(): void {
    this.#length = 0;
  }

  put(value: string | number | Uint8Array | null, descending: boolean): void {
    const from = this.#length;
    if (value === null) this.#putNothing();
    else if (typeof value === 'number') this.#putNumber(value);
    else if (typeof value === 'string') this.#putText(value);
    else this.#putBytes(value);
    if (!descending) return;
    const bytes = this.#bytes;
    for (let i = from; i < this.#length; i += 1) bytes[i] = ~(bytes[i] as number);
  }

  #putNothing(): void {
    this.#make(1);
    this.#bytes[this.#length++] = NOTHING;
  }

  #putNumber(value: number): void {
    this.#make(9);
    this.#bytes[this.#length++] = NUMBER;
    // 0 and -0 are the same number.
    this.#number.setFloat64(0, value === 0 ? 0 : value);
    const negative = value < 0;
    for (let i = 0; i < 8; i += 1) {
      const byte = this.#number.getUint8(i);
      this.#bytes[this.#length++] = negative ? ~byte : i === 0 ? byte | 0x80 : byte;
    }
  }

  #putText(value: string): void {
    if (value.includes('\0')) {
      this.#putMarked(TEXT, Buffer.from(value));
      return;
    }
    this.#make(3 + value.length * 3);
    const bytes = this.#bytes;
    bytes[this.#length++] = TEXT;
    // A call into native code costs more than a few characters.
    if (value.length < 24 && isAscii(value)) {
      for (let i = 0; i < value.length; i += 1) bytes[this.#length++] = value.charCodeAt(i);
    } else {
      this.#length += bytes.write(value, this.#length);
    }
    bytes[this.#length++] = 0;
    bytes[this.#length++] = END;
  }

  #putBytes(value: Uint8Array): void {
    this.#putMarked(BYTES, value);
  }

  #putMarked(mark: number, value: Uint8Array): void {
    this.#make(3 + value.length * 2);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at++] = mark;
    for (let i = 0; i < value.length; i += 1) {
      const byte = value[i] as number;
      bytes[at++] = byte;
      if (byte === 0) bytes[at++] = ESCAPED;
    }
    bytes[at++] = 0;
    bytes[at++] = END;
    this.#length = at;
  }

  #make(room: number): void {
    if (this.#length + room <= this.#bytes.length) return;
    const wider = Buffer.alloc(Math.max(this.#bytes.length * 2, this.#length + room));
    wider.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = wider;
  }
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 0x7e) return false;
  return true;
}
