import test from 'ava';
import type { BestLink } from '../../../../client/dashboard/model/link-monitor.js';
import { titleOf } from '../../../../client/dashboard/view/titles.js';
import { titleRow } from '../../../../client/dashboard/view/bars.js';
import { sidebarRows } from '../../../../client/dashboard/view/sidebar.js';
import { themes } from '../../../../screen/paint/theme.js';
import { type Row, widthOf } from '../../../../screen/paint/row.js';

const bestLinks = new Map<string, BestLink>([
  ['bob', { carrier: 'tcp', rttMs: 3.6 }],
  ['carol', { carrier: 'relay', rttMs: 41 }],
]);
const carrierTo = (name: string) => bestLinks.get(name)?.carrier ?? null;
const monitor = {
  bestLinkTo: (name: string) => bestLinks.get(name) ?? null,
  queuedFor: (name: string) => name.length - 3,
};
const member = (username: string, isAdmin = false) => ({
  username,
  isAdmin,
  isOnline: true,
  joinedAt: 0,
  leadership: null,
});
const room = {
  topic: 'roses',
  isPrivate: true,
  members: [member('alice', true), member('bob'), member('carol', true), member('dave')],
  next: 'bob',
};
const text = (row: Row | undefined): string => (row ?? []).map((glyph) => glyph.text).join('');

test('titles: a room shows its members, its admins, and the number and carriers of links', (t) => {
  t.deepEqual(titleOf('#garden', room, monitor, 'alice'), {
    topic: 'roses',
    details: ['private, 4 members', 'led by alice, carol', '2/3 linked, relay/tcp 41 ms'],
  });
  t.deepEqual(titleOf('@bob', undefined, monitor, 'alice').details, ['tcp 4 ms']);
  t.deepEqual(titleOf('@dave', undefined, monitor, 'alice').details, ['no link', '1 waiting']);
  t.deepEqual(titleOf('#new', undefined, monitor, 'alice').details, []);
});

test('titles: in a narrow window the least important details are omitted first', (t) => {
  const state = { isActive: true, isScrolled: false, newBelow: 0 };
  const shown = (columns: number) =>
    text(titleRow('#garden', titleOf('#garden', room, monitor, 'alice'), state, columns, themes.dark));
  t.regex(
    shown(100),
    /▸ #garden {2}roses +private, 4 members · led by alice, carol · 2\/3 linked, relay\/tcp 41 ms $/,
  );
  t.regex(shown(60), /roses +private, 4 members · led by alice, carol $/);
  t.regex(shown(28), /▸ #garden {2}roses/);
  t.false(shown(28).includes('members'));
});

test('titles: the markup of a topic is shown as in messages', (t) => {
  const state = { isActive: false, isScrolled: false, newBelow: 0 };
  const content = { topic: '**new** *release*, see [notes](https://a.example/n)', details: [] };
  const row = titleRow('#garden', content, state, 80, themes.dark);
  t.regex(text(row), /#garden {2}new release, see notes <a\.example> *$/);
  const styleOf = (letters: string) => row[text(row).indexOf(letters)]?.style;
  t.true(styleOf('new')?.isBold);
  t.true(styleOf('release')?.isItalic);
  t.is(styleOf('notes')?.link, 'https://a.example/n');
  t.is(styleOf('notes')?.bg, themes.dark.bar.bg);
  t.is(widthOf(row), 80);
  t.is(widthOf(titleRow('#garden', content, state, 28, themes.dark)), 28);
});

test('sidebar: links, mutes and unread counts are shown beside names', (t) => {
  const conversations = [
    { id: '1', label: '@bob', unread: 2, mentions: 0, muted: null, lastRead: null },
    { id: '2', label: '@dave', unread: 0, mentions: 0, muted: 'mentions', lastRead: null },
    { id: '3', label: '#lobby', unread: 0, mentions: 0, muted: 'all', lastRead: null },
  ] as const;
  const people = [
    { username: 'bob', state: 'away' },
    { username: 'carol', state: 'online' },
    { username: 'dave', state: 'dnd' },
  ] as const;
  const rows = (columns: number): readonly string[] =>
    sidebarRows({ conversations, people, carrierTo, selected: null }, { columns, rows: 20 }, themes.dark).map(
      ({ row }) => {
        t.true(widthOf(row) <= columns);
        return text(row).trimEnd();
      },
    );
  const details = rows(24).join('\n');
  t.regex(details, / 2 @bob +tcp 2$/m);
  t.regex(details, / 3 @dave +– mute@$/m);
  t.regex(details, / 1 #lobby +mute$/m);
  t.regex(details, / ◐ bob +tcp$/m);
  t.regex(details, / ● carol +relay$/m);
  t.regex(details, / ⊘ dave +–$/m);
  t.regex(rows(16).join('\n'), / ● carol +r$/m);
});

test('sidebar: a long list is shown around the open conversation', (t) => {
  const conversations = Array.from({ length: 60 }, (_, index) => ({
    id: String(index),
    label: `#room${index}` as const,
    unread: 0,
    mentions: 0,
    muted: null,
    lastRead: null,
  }));
  const shown = (selected: '#room40' | '#room59' | null): readonly string[] =>
    sidebarRows(
      { conversations, people: [], carrierTo, selected },
      { columns: 20, rows: 15 },
      themes.dark,
    ).map(({ row }) => text(row).trim());
  t.is(shown('#room40').length, 15);
  t.true(shown('#room40').includes('#room40'));
  t.is(shown(null)[0], 'Partyline');
  t.true(shown('#room59').includes('PEOPLE'));
});
