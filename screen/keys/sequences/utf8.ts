// The classes of bytes in UTF-8. A C1 control has two bytes in UTF-8. A single byte from 0x80 to 0x9f outside a character is not
// UTF-8; it is a C1 control from a terminal that sends 8-bit controls.

export const isC1 = (byte: number): boolean => byte >= 0x80 && byte <= 0x9f;

export const isContinuation = (byte: number): boolean => byte >= 0x80 && byte <= 0xbf;

/** The first byte of every C1 control in UTF-8. Letters begin with it as well. */
export const C1_LEAD = 0xc2;

/** The number of bytes that follow the first byte of a character. */
export function continuationsAfter(byte: number): number {
  if (byte < 0xc2 || byte > 0xf4) return 0;
  return byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
}
