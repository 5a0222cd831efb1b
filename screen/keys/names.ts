// The names of keys: `C-` for control, `M-` for Alt and `S-` for shift, in this order, then the key, for example `C-M-left`.
// A key has the same name in each of the encodings that terminals use for it.

/** The keys without a character, by the names that key bindings use. */
export const NAMED_KEYS: readonly string[] = [
  'up down right left home end pageup pagedown insert delete begin enter tab backspace escape space'.split(
    ' ',
  ),
  Array.from({ length: 35 }, (_, index) => `f${index + 1}`),
].flat();

export interface Modifiers {
  readonly hasShift: boolean;
  readonly hasAlt: boolean;
  readonly hasControl: boolean;
}

export const NO_MODIFIERS: Modifiers = { hasShift: false, hasAlt: false, hasControl: false };
export const SHIFT: Modifiers = { ...NO_MODIFIERS, hasShift: true };
export const CONTROL: Modifiers = { ...NO_MODIFIERS, hasControl: true };

export function keyName(name: string, { hasControl, hasAlt, hasShift }: Modifiers): string {
  return `${hasControl ? 'C-' : ''}${hasAlt ? 'M-' : ''}${hasShift ? 'S-' : ''}${name}`;
}

const CONTROLS: Readonly<Record<number, string>> = {
  0x00: 'C-space',
  0x08: 'C-h',
  0x09: 'tab',
  0x0a: 'C-j',
  0x0d: 'enter',
  0x1b: 'escape',
  0x1f: 'C-_',
  0x7f: 'backspace',
};

/** The name of the key that sends this control character: 0x00 to 0x1f, or 0x7f. */
export function controlName(code: number): string {
  return CONTROLS[code] ?? `C-${String.fromCharCode(code + 0x40).toLowerCase()}`;
}

/** The name of the key that sends an escape byte and then this character. */
export function altName(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0x20 && code !== 0x7f) return `M-${character === ' ' ? 'space' : character}`;
  const name = controlName(code);
  return name.startsWith('C-') ? `C-M-${name.slice(2)}` : `M-${name}`;
}

/**
 * The control characters that terminals send for Ctrl with a digit or sign. Several keys share one: Ctrl+/ sends the same as
 * Ctrl+_.
 */
const CONTROL_OF: Readonly<Record<string, number>> = {
  ' ': 0x00,
  '@': 0x00,
  '`': 0x00,
  '2': 0x00,
  '3': 0x1b,
  '[': 0x1b,
  '{': 0x1b,
  '4': 0x1c,
  '\\': 0x1c,
  '|': 0x1c,
  '5': 0x1d,
  ']': 0x1d,
  '}': 0x1d,
  '6': 0x1e,
  '^': 0x1e,
  '~': 0x1e,
  '7': 0x1f,
  '/': 0x1f,
  _: 0x1f,
  '-': 0x1f,
  '8': 0x7f,
  '?': 0x7f,
};

/**
 * The name of a character key with Ctrl or Alt that a keyboard protocol reports. It is the same name as on a terminal without the
 * protocol: Ctrl ignores Shift, and Ctrl+I is Tab. Thus one binding works on all terminals.
 */
export function characterName(character: string, modifiers: Modifiers): string {
  const { hasControl, hasAlt } = modifiers;
  if (!hasControl) return altName(character);
  const lower = character.toLowerCase();
  const code = /^[a-z]$/.test(lower) ? lower.charCodeAt(0) - 0x60 : CONTROL_OF[character];
  const name = code === undefined ? `C-${lower}` : controlName(code);
  if (!hasAlt) return name;
  return name.startsWith('C-') ? `C-M-${name.slice(2)}` : `M-${name}`;
}

/**
 * The name without those modifiers that only some terminals report: `enter` for `C-enter`. It is used if nothing is bound to
 * `C-enter`. Null for a key that every terminal sends with its modifiers.
 */
export function plainName(key: string): string | null {
  const [, lead = '', name = ''] = /^((?:[CMS]-)*)(enter|tab|backspace|escape|space)$/.exec(key) ?? [];
  if (lead === '' || key === 'S-tab' || key === 'C-space') return null;
  if (lead === 'M-') return null;
  return lead.includes('M-') ? `M-${name}` : name;
}
