// The bytes of keys in the encoding that Node's `readline` knows, by the names of `screen/keys`. Pure.

const NAMED: Readonly<Record<string, string>> = {
  enter: '\r',
  tab: '\t',
  backspace: '\u007f',
  up: '\u001b[A',
  down: '\u001b[B',
  right: '\u001b[C',
  left: '\u001b[D',
  end: '\u001b[F',
  home: '\u001b[H',
  delete: '\u001b[3~',
  'C-right': '\u001b[1;5C',
  'C-left': '\u001b[1;5D',
  'M-backspace': '\u001b\u007f',
  'C-_': '\u001f',
  'C-space': '\u0000',
};

/** The bytes of the key; null for a key that edits nothing, such as F1 or Escape. */
export function readlineBytes(key: string): string | null {
  const bytes = NAMED[key];
  if (bytes !== undefined) return bytes;
  const [, modifier, letter] = /^([CM])-([a-z])$/.exec(key) ?? [];
  if (letter === undefined) return null;
  return modifier === 'M' ? `\u001b${letter}` : String.fromCharCode(letter.charCodeAt(0) - 0x60);
}
