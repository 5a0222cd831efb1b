// Dashboards in pseudo-terminals, all on one tracker.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PASSWORD } from '../device.js';
import { pictureOf } from './picture.js';
import type { Keeper } from '../keeper.js';
import { PtyTerminal, type PtyWishes } from './pty-terminal.js';
import type { Stage } from '../processes/tracker-process.js';

export const KEYS = {
  enter: '\r',
  escape: '\u001b',
  /** Ctrl+G, which closes an overlay. Unlike Escape it does not begin a sequence. */
  close: '\u0007',
  f1: '\u001bOP',
  f2: '\u001bOQ',
  f3: '\u001bOR',
  tab: '\t',
  up: '\u001b[A',
  down: '\u001b[B',
  search: '\u0006',
  eraseToStart: '\u0015',
  undo: '\u001f',
  pageUp: '\u001b[5~',
  pageDown: '\u001b[6~',
  alt: (key: string) => `\u001b${key}`,
  altRight: '\u001b[1;3C',
  quit: '\u0011',
  suspend: '\u001a',
} as const;

export const dashboardArgs = (stage: Stage, profile: string): readonly string[] => [
  'chat',
  stage.invite,
  '--profile',
  profile,
  '--home',
  join(stage.folder, 'terminals'),
];

export function openDashboard(
  t: Keeper,
  stage: Stage,
  profile: string,
  wishes: Partial<PtyWishes> = {},
): PtyTerminal {
  return new PtyTerminal(t, { args: dashboardArgs(stage, profile), ...wishes });
}

/** Creates an account in the form for new users. */
export async function enter(terminal: PtyTerminal, username: string, online = '● online'): Promise<void> {
  await terminal.shows('Welcome to Partyline');
  terminal.type(username + KEYS.enter + PASSWORD + KEYS.enter);
  await terminal.shows(online);
}

/** A dashboard that is logged in to a new account, in new rooms. */
export async function enteredDashboard(
  t: Keeper,
  stage: Stage,
  username: string,
  wishes: Partial<PtyWishes> & { readonly rooms?: readonly string[] } = {},
): Promise<PtyTerminal> {
  const terminal = openDashboard(t, stage, username, wishes);
  await enter(terminal, username);
  for (const room of wishes.rooms ?? []) {
    terminal.type(`/create ${room}${KEYS.enter}`);
    await terminal.shows(`▸ #${room}`);
    // Waits for the last row that the creation prints, so that later output does not move the rows that a spec clicks.
    await terminal.shows('created the room');
  }
  return terminal;
}

/** Writes a picture of the screen to the folder in `PICTURES`. Does nothing without that variable. */
export async function keepPicture(terminal: PtyTerminal, name: string): Promise<void> {
  const folder = process.env['PICTURES'];
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.svg`), pictureOf(terminal.screen));
}
