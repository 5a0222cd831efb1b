// The page on the JSON face lists exactly the kinds that the code can write.
import { readFileSync } from 'node:fs';
import test from 'ava';
import type {
  ChatEvents,
  Delivery,
  LinkChange,
  MessageNotification,
  EventNotification,
  SessionChange,
  Warning,
} from '../client/chat/events.js';
import { commands } from '../client/commands/table.js';
import { presenceStateSchema } from '../core/protocol/operations.js';
import { noticeTypeSchema } from '../core/protocol/signed/statements.js';

/** All members of a union. The compiler rejects a missing member and an unknown one. */
const all = <T extends string>(members: Readonly<Record<T, true>>): readonly string[] => Object.keys(members);

const sessionStates = all<SessionChange['state']>({
  connecting: true,
  guest: true,
  online: true,
  reconnecting: true,
  offline: true,
});
const deliveryStates = all<Delivery['state']>({
  queued: true,
  sent: true,
  delivered: true,
  refused: true,
});
const linkStates = all<LinkChange['state']>({ dialing: true, open: true, closed: true });
const warningTypes = all<Warning['type']>({
  NewDevice: true,
  DeviceMoved: true,
  LookAlike: true,
  Contradiction: true,
  Forgery: true,
  Retention: true,
  ClockDiffers: true,
  CarrierConflict: true,
  BrokenHistory: true,
  MendedHistory: true,
  UnprovenHistory: true,
});
const notificationKinds = all<MessageNotification['kind'] | EventNotification['kind']>({
  message: true,
  private: true,
  mention: true,
  promotion: true,
  removal: true,
  ban: true,
  invitation: true,
  event: true,
});
/** The events that the JSON face writes. The others are for faces that draw. */
const told = all<Exclude<keyof ChatEvents, 'said' | 'unread' | 'dnd'>>({
  session: true,
  message: true,
  delivery: true,
  notice: true,
  link: true,
  presence: true,
  notification: true,
  back: true,
  warning: true,
});

const read = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

/** The words in backticks in the first column of the first table below a heading that begins with `heading`. */
function listedIn(page: string, heading: string): readonly string[] {
  const below = page.split(`\n${heading}`)[1] ?? '';
  const table = /(?:^\|.*\n)+/m.exec(below)?.[0] ?? '';
  const cells = table.split('\n').map((row) => row.split('|')[1] ?? '');
  return cells.slice(2).flatMap((cell) => Array.from(cell.matchAll(/`([^`]+)`/g), ([, name = '']) => name));
}

const lists: readonly (readonly [page: string, heading: string, members: readonly string[]])[] = [
  ['reference/json.md', '### `session`', sessionStates],
  ['reference/json.md', '### `delivery`', deliveryStates],
  ['reference/json.md', '### `link`', linkStates],
  ['reference/json.md', '### `notice`', [...noticeTypeSchema.options, 'TrackerRestored']],
  ['reference/json.md', '### `warning`', warningTypes],
  ['explanation/people.md', '## Presence', presenceStateSchema.options],
  ['explanation/notifications.md', '## Kinds of notification', notificationKinds],
];

for (const [page, heading, members] of lists) {
  test(`docs: ${page} lists all of ${heading.replaceAll('#', '').trim()}`, (t) => {
    t.deepEqual(listedIn(read(page), heading).toSorted(), members.toSorted());
  });
}

test('docs: json.md has a section for each event', (t) => {
  const sections = Array.from(read('reference/json.md').matchAll(/^### `(\w+)`/gm), ([, name = '']) => name);
  t.deepEqual(sections.toSorted(), told.toSorted());
});

test('docs: json.md describes the data of each command', (t) => {
  const without = ['/password', '/logout', '/set', '/quit'];
  t.deepEqual(
    [...listedIn(read('reference/json.md'), '## Replies'), ...without].toSorted(),
    commands.map(({ name }) => `/${name}`).toSorted(),
  );
});
