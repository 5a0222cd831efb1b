// The keys that a terminal can send. They are used to check a keys file.
import { altName, characterName, keyName, NAMED_KEYS, plainName } from '../../../../screen/keys/names.js';

/** A sentence for error messages: which keys can be bound. */
export const POSSIBLE_KEYS =
  'A key is one of up, down, left, right, home, end, pageup, pagedown, insert, delete, tab, backspace, enter, escape and f1 to f35, ' +
  'or a character with C- or M-, such as C-q, M-x or C-M-a. C- is Ctrl, M- is Alt and S- is Shift, in this order.';

/** What is wrong with the name of the key; null if a terminal can send the key. */
export function keyProblem(key: string): string | null {
  const [, control, alt, shift, name = ''] = /^(C-)?(M-)?(S-)?(.+)$/su.exec(key) ?? [];
  const held = {
    hasControl: control !== undefined,
    hasAlt: alt !== undefined,
    hasShift: shift !== undefined,
  };
  if (NAMED_KEYS.includes(name) && name !== 'space') return null;
  const lower = name.toLowerCase();
  if (NAMED_KEYS.includes(lower) && lower !== 'space') return `a terminal sends ${keyName(lower, held)}`;
  const isCharacter = name === 'space' || (Array.from(name).length === 1 && !/[\p{C}\s]/u.test(name));
  if (!isCharacter) return 'no terminal sends it';
  if (!held.hasControl && !held.hasAlt) return 'it is text, which is typed and cannot be a key';
  const character = name === 'space' ? ' ' : name;
  const sent = held.hasControl
    ? characterName(character, held)
    : altName(held.hasShift ? character.toUpperCase() : character);
  return sent === key ? null : `a terminal sends ${sent}`;
}

/** The key itself, and the key without the modifiers that only some terminals report. */
export function candidatesOf(key: string): readonly string[] {
  const plain = plainName(key);
  return plain === null ? [key] : [key, plain];
}
