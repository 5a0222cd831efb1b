// RFC 4648 base32 without padding, the encoding of NATS keys. Own code: nkeys.js exports neither its base32 nor its key codec,
// and its base32 decoder accepts leftover bits, which would give one key several spellings.

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
    if (value < 0) throw new RangeError('not base32: a letter outside A-Z and 2-7');
    pending = (pending << 5) | value;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push(pending >>> bits);
    pending &= (1 << bits) - 1;
  }
  // Each key has one spelling: leftover bits must be zero and fewer than five.
  if (bits >= 5 || pending !== 0) throw new RangeError('not base32: bits left over');
  return Buffer.from(bytes);
}
