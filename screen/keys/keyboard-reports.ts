// Translates the control sequences that keys send into key names. It reads the encodings of xterm, VT220, rxvt, the Linux
// console, kitty's keyboard protocol and xterm's modifyOtherKeys.
import { CONTROL, characterName, keyName, type Modifiers, NO_MODIFIERS, SHIFT } from './names.js';
import type { Sequence } from './sequences/tokens.js';

/** `key`: the name of a key. `text`: typed text. `ignored`: a known sequence without an effect. */
export type KeyReport = { readonly key: string } | { readonly text: string } | 'ignored';

const LETTERS: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  E: 'begin',
  F: 'end',
  H: 'home',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
};
/** rxvt sends small letters for arrows with Shift (`ESC [ a`) and with Ctrl (`ESC O a`). */
const RXVT_ARROWS: Readonly<Record<string, string>> = { a: 'up', b: 'down', c: 'right', d: 'left' };
/** The final characters of rxvt's numbered keys, with the modifiers that each stands for. */
const RXVT_FINALS: Readonly<Record<string, Modifiers>> = {
  $: SHIFT,
  '^': CONTROL,
  '@': { ...CONTROL, hasShift: true },
};
const NUMBERS: Readonly<Record<string, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
  15: 'f5',
  17: 'f6',
  18: 'f7',
  19: 'f8',
  20: 'f9',
  21: 'f10',
  23: 'f11',
  24: 'f12',
  25: 'f13',
  26: 'f14',
  28: 'f15',
  29: 'f16',
  31: 'f17',
  32: 'f18',
  33: 'f19',
  34: 'f20',
};
/** The function keys of the Linux console, by the letter after `ESC [ [`. */
const LINUX: Readonly<Record<string, string>> = { A: 'f1', B: 'f2', C: 'f3', D: 'f4', E: 'f5' };
/** The keys of the keypad in application mode, by the letter after `ESC O`. */
const KEYPAD = new Map([
  ['X', '='],
  [' ', ' '],
  ...Array.from('*+,-./0123456789', (sign, index): [string, string] => [
    String.fromCharCode(0x6a + index),
    sign,
  ]),
]);
/** Kitty's numbers of keys without a character, in Unicode's private use area. */
const KITTY = new Map([
  [9, 'tab'],
  [13, 'enter'],
  [27, 'escape'],
  [127, 'backspace'],
  ...Array.from({ length: 23 }, (_, index): [number, string] => [57_376 + index, `f${13 + index}`]),
  [57_414, 'enter'],
  ...['left', 'right', 'up', 'down', 'pageup', 'pagedown', 'home', 'end', 'insert', 'delete', 'begin'].map(
    (name, index): [number, string] => [57_417 + index, name],
  ),
]);
/** Kitty's numbers of the keypad's characters. */
const KITTY_KEYPAD = new Map(
  Array.from('0123456789./*-+', (sign, index): [number, string] => [57_399 + index, sign]).concat([
    [57_415, '='],
    [57_416, ','],
  ]),
);
const PRIVATE_USE = { first: 57_344, last: 63_743 } as const;
const RELEASE = '3';

/** Null if the sequence is not the report of a key. */
export function keyReport(kind: 'csi' | 'ss3', sequence: Sequence): KeyReport | null {
  const { parameters, intermediates, final, isAlt } = sequence;
  if (intermediates !== '') return null;
  if (kind === 'ss3') return ss3Report(parameters, final, isAlt);
  if (parameters.startsWith('[')) return { key: keyName(LINUX[final] ?? '', alted(NO_MODIFIERS, isAlt)) };
  if (/[<=>?]/.test(parameters)) return null;
  const fields = parameters.split(';').map((field) => field.split(':'));
  if (final === 'u') return codeReport(fields[0] ?? [], fields[1] ?? [], fields[2] ?? [], isAlt);
  if (final === '~' && fields[0]?.[0] === '27')
    return codeReport(fields[2] ?? [], fields[1] ?? [], [], isAlt);
  const [[number = ''] = [], [modifier = '', event = ''] = []] = fields;
  const name = final === '~' ? NUMBERS[number] : LETTERS[final];
  const rxvt = RXVT_FINALS[final];
  if (event === RELEASE && (name !== undefined || rxvt !== undefined)) return 'ignored';
  if (rxvt !== undefined) {
    const held = NUMBERS[number];
    return held === undefined ? null : { key: keyName(held, alted(rxvt, isAlt)) };
  }
  if (final === 'Z')
    return { key: keyName('tab', { ...alted(modifiersOf(modifier), isAlt), hasShift: true }) };
  const arrow = RXVT_ARROWS[final];
  if (arrow !== undefined && parameters === '') return { key: keyName(arrow, alted(SHIFT, isAlt)) };
  if (name === undefined || isCursorReport(final, number, modifier, fields.length)) return null;
  return { key: keyName(name, alted(modifiersOf(modifier), isAlt)) };
}

/**
 * Whether a sequence that ends with `R` is a cursor position report and not the key F3. F3 is sent without a number, or as number
 * 1 with a modifier. A report of row 1 and columns 2 to 16 looks like F3, so a program must not ask for it while the cursor is
 * there.
 */
function isCursorReport(final: string, number: string, modifier: string, fields: number): boolean {
  if (final !== 'R' || fields < 2) return false;
  const bits = Number(modifier) - 1;
  return number !== '1' || bits < 1 || bits > 15;
}

function ss3Report(parameters: string, final: string, isAlt: boolean): KeyReport | null {
  const held = alted(modifiersOf(parameters.split(';').at(-1) ?? ''), isAlt);
  const name = LETTERS[final];
  if (name !== undefined) return { key: keyName(name, held) };
  const arrow = RXVT_ARROWS[final];
  if (arrow !== undefined) return { key: keyName(arrow, { ...held, hasControl: true }) };
  if (final === 'M' || final === 'I') return { key: keyName(final === 'M' ? 'enter' : 'tab', held) };
  const sign = KEYPAD.get(final);
  return sign === undefined ? null : withModifiers(sign, held);
}

/** Reads a key that is reported by the code of its character, as kitty's protocol and modifyOtherKeys do. */
function codeReport(
  [code = '', shifted = '', base = '']: readonly string[],
  [modifier = '', event = '']: readonly string[],
  characters: readonly string[],
  isAlt: boolean,
): KeyReport | null {
  if (code === '') return null;
  if (event === RELEASE) return 'ignored';
  const bits = Math.max(0, Number(modifier) - 1);
  const held = alted(modifiersOf(modifier), isAlt);
  // Keys with Super, Hyper or Meta are ignored, because the desktop uses them.
  if ((bits & 0b111000) !== 0) return 'ignored';
  const number = Number(code);
  const name = KITTY.get(number);
  if (name !== undefined) return { key: keyName(name, held) };
  const keypad = KITTY_KEYPAD.get(number);
  if (keypad !== undefined) return withModifiers(keypad, held);
  if (number >= PRIVATE_USE.first && number <= PRIVATE_USE.last) return 'ignored';
  const isHeld = held.hasControl || held.hasAlt;
  const text = characters.map((one) => characterOf(Number(one))).join('');
  if (text !== '' && !isHeld) return { text };
  const character = characterOf(number);
  if (character === '') return 'ignored';
  // On a keyboard layout without Latin letters, a shortcut means the Latin letter that the key has on the standard layout.
  if (isHeld && number > 0x7f && base !== '') return withModifiers(characterOf(Number(base)), held);
  if (!held.hasShift) return withModifiers(character, held);
  return withModifiers(shifted === '' ? character.toUpperCase() : characterOf(Number(shifted)), held);
}

function withModifiers(character: string, held: Modifiers): KeyReport {
  if (held.hasControl || held.hasAlt) return { key: characterName(character, held) };
  return { text: character };
}

/** Empty for a number that is no printable character. */
function characterOf(number: number): string {
  const isCharacter = number >= 0x20 && number <= 0x10_ff_ff && !(number >= 0x7f && number <= 0x9f);
  return isCharacter && !(number >= 0xd800 && number <= 0xdfff) ? String.fromCodePoint(number) : '';
}

/**
 * Decodes a modifier number, which is 1 plus these bits: 1 Shift, 2 Alt, 4 Ctrl, 8 Meta. Other bits, such as Caps Lock, have no
 * effect.
 */
function modifiersOf(number: string): Modifiers {
  const bits = Math.max(0, Number(number) - 1);
  return { hasShift: (bits & 1) !== 0, hasAlt: (bits & 0b1010) !== 0, hasControl: (bits & 4) !== 0 };
}

function alted(modifiers: Modifiers, isAlt: boolean): Modifiers {
  return isAlt ? { ...modifiers, hasAlt: true } : modifiers;
}
