// The characters and bytes that begin or cancel escape sequences, and the key numbers that rxvt ends with `$`.
import type { StringKind } from './tokens.js';

/** CAN and SUB. They end any sequence and then have their own effect. */
export const CANCELS: ReadonlySet<number> = new Set([0x18, 0x1a]);
export const STRINGS: Readonly<Record<string, StringKind>> = {
  ']': 'OSC',
  P: 'DCS',
  _: 'APC',
  '^': 'PM',
  X: 'SOS',
};
/** The character that follows the escape in the 7-bit form of a C1 control. The other C1 controls have no effect. */
export const C1: Readonly<Record<number, string>> = {
  0x8f: 'O',
  0x90: 'P',
  0x98: 'X',
  0x9b: '[',
  0x9d: ']',
  0x9e: '^',
  0x9f: '_',
};
/**
 * The numbers of the keys that rxvt ends with `$` when Shift is held. No terminal sends a longer sequence that begins with such a
 * number and `$`.
 */
export const RXVT_NUMBER = /^(?:[235-8]|1[1-57-9]|2[01345689]|3[1-4])$/;
