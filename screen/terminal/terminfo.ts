// The terminfo description of the terminal that `TERM` names. The view always writes the sequences of xterm and does not
// read the description. It only checks whether a description is installed; if not, a note tells the user that xterm is assumed.
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Names of this form are safe in a path and in a sentence. */
const NAME = /^[A-Za-z0-9][\w.+-]{0,63}$/;
/**
 * Terminals that are compatible with xterm. No description is needed for them, and remote machines often lack the descriptions of
 * new terminals.
 */
const LIKE_XTERM =
  /^(?:xterm|tmux|screen|rxvt|vte|gnome|konsole|kitty|alacritty|wezterm|ghostty|foot|st|linux|putty|mintty|iterm)\b/i;
/** The folders in which operating systems install the terminfo descriptions. */
const FOLDERS = ['/etc', '/lib', '/usr/lib', '/usr/share', '/usr/local/lib', '/usr/local/share'].map(
  (folder) => join(folder, 'terminfo'),
);

/** The name in `TERM`; null if `TERM` is not set or cannot be the name of a terminal. */
export function terminalName({ TERM }: Environment): string | null {
  return TERM !== undefined && NAME.test(TERM) ? TERM : null;
}

/**
 * A note for the user that xterm is assumed, with the reason; undefined if nothing is assumed.
 * @param isThere whether a file or folder exists
 */
export function assumptionNote(env: Environment, isThere: (path: string) => boolean): string | undefined {
  const reason = reasonToAssume(env, isThere);
  if (reason === null) return undefined;
  return `${reason}, so this terminal is treated as an xterm. If the screen looks wrong, set TERM or use --plain.`;
}

function reasonToAssume(env: Environment, isThere: (path: string) => boolean): string | null {
  if ((env['TERM'] ?? '') === '') return 'TERM is not set';
  const name = terminalName(env);
  if (name === null) return 'TERM does not name a terminal';
  if (LIKE_XTERM.test(name)) return null;
  const folders = [
    env['TERMINFO'] ?? '',
    join(env['HOME'] ?? '', '.terminfo'),
    ...(env['TERMINFO_DIRS'] ?? '').split(':'),
    ...FOLDERS,
  ].filter((folder) => folder.startsWith('/'));
  // If the system has no terminfo folder, a missing description proves nothing about this terminal.
  if (!FOLDERS.some(isThere)) return null;
  const first = name.charAt(0);
  const letters = [first, first.charCodeAt(0).toString(16)];
  const isKnown = folders.some((folder) => letters.some((letter) => isThere(join(folder, letter, name))));
  return isKnown ? null : `No description of the terminal "${name}" is installed`;
}
