// RFC 4648 base32 without padding, the encoding of NATS keys. It does not use nkeys.js, which exports neither its base32 nor its
// key codec. The base32 decoder of nkeys.js also accepts leftover bits, so one key could have several spellings.

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function toBase32(bytes: Uint8Array): string {
  let text = '';
  let pending = 0;
  let bits = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET.charAt((pending >>> bits) & 31);
    }
    pending &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + ALPHABET.charAt((pending << (5 - bits)) & 31);
}

/** Decodes `text`; throws a `RangeError` unless `text` is exactly the encoding that `toBase32` writes. */
export function fromBase32(text: string): Buffer {
  const bytes: number[] = [];
  let pending = 0;
  let bits = 0;
  for (const letter of text) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) throw new RangeError('not base32: contains a character outside A-Z and 2-7');
    pending = (pending << 5) | value;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push(pending >>> bits);
    pending &= (1 << bits) - 1;
  }
  // Each key has one spelling: leftover bits must be zero and fewer than five.
  if (bits >= 5 || pending !== 0) throw new RangeError('not base32: has leftover bits');
  return Buffer.from(bytes);
}
