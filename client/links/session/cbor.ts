// CBOR from untrusted peers: only a strict subset is accepted. The structure is checked before the decoder reads the bytes.
// Independent of the frames.
import { Decoder } from 'cbor-x';

// All CBOR tags are refused, because the decoder would build dates, regular expressions, cycles and, in quadratic time, large
// integers for them.
const decoder = new Decoder({ useRecords: false, mapsAsObjects: true });
const MAX_DEPTH = 4;

const UNSIGNED = 0;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const MAP = 5;
const SIMPLE = 7;
const FALSE = 20;
const NULL = 22;
const FLOAT64 = 27;

/**
 * The value of one CBOR item that fills `bytes` exactly; undefined for anything else. Allowed are unsigned integers, doubles (the
 * encoder's form of integers beyond 32 bits), byte and text strings, booleans, null, and arrays and maps of definite length, at most
 * four deep. Byte strings are views of `bytes`. Never throws.
 */
export function decodeCbor(bytes: Buffer): unknown {
  if (itemEnd(bytes, 0, MAX_DEPTH) !== bytes.length) return undefined;
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

// The index after the item that begins at `at`; -1 if the item is not allowed. Every step consumes a byte, so the time is linear.
function itemEnd(bytes: Buffer, at: number, depth: number): number {
  const head = bytes[at];
  if (head === undefined) return -1;
  const major = head >> 5;
  const info = head & 31;
  const width = info < 24 ? 0 : info < 28 ? 2 ** (info - 24) : -1;
  if (width < 0 || at + 1 + width > bytes.length) return -1;
  const start = at + 1 + width;
  if (major === SIMPLE) return (info >= FALSE && info <= NULL) || info === FLOAT64 ? start : -1;
  if (major === UNSIGNED) return start;
  if (width > 4) return -1;
  const count = width === 0 ? info : bytes.readUIntBE(at + 1, width);
  switch (major) {
    case BYTES:
    case TEXT:
      return start + count <= bytes.length ? start + count : -1;
    case ARRAY:
      return itemsEnd(bytes, start, count, depth);
    case MAP:
      return itemsEnd(bytes, start, count * 2, depth);
    default:
      return -1;
  }
}

function itemsEnd(bytes: Buffer, start: number, count: number, depth: number): number {
  if (depth === 0 || count > bytes.length - start) return -1;
  let at = start;
  for (let item = 0; item < count && at >= 0; item += 1) at = itemEnd(bytes, at, depth - 1);
  return at;
}
