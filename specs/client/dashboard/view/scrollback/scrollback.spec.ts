import { setImmediate as nextTurn } from 'node:timers/promises';
import test from 'ava';
import * as fc from 'fast-check';
import { bytesInUse } from '../../../../fault/support/growth.js';
import { themes } from '../../../../../screen/paint/theme.js';
import type { Entry } from '../../../../../client/dashboard/view/scrollback/entry.js';
import { type Anchor, Scrollback } from '../../../../../client/dashboard/view/scrollback/scrollback.js';

const NOON = new Date(2026, 10, 22, 12, 0).getTime();
const COLUMNS = 40;

const entry = (text: string, changes: Partial<Entry> = {}): Entry => ({
  kind: 'message',
  id: null,
  at: NOON,
  author: 'alice',
  isOwn: false,
  isMention: false,
  body: text,
  mark: '',
  ...changes,
});
const shown = (scrollback: Scrollback, anchor: Anchor, height: number): readonly string[] =>
  scrollback.rows(anchor, COLUMNS, height).map((row) =>
    row
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  );
const numbered = (count: number): Scrollback => {
  const scrollback = new Scrollback(themes.dark);
  for (let number = 0; number < count; number += 1) scrollback.append(entry(`line ${number}`));
  return scrollback;
};

test('scrollback: a day begins with a rule, an author is named once in five minutes, a minute is shown once, and long lines are wrapped', (t) => {
  const scrollback = new Scrollback(themes.dark);
  scrollback.append(entry('one two three four five six'));
  scrollback.append(entry('again'));
  scrollback.append(entry('on and on', { at: NOON + 59_999 }));
  scrollback.append(entry('a minute on', { at: NOON + 60_000 }));
  scrollback.append(entry('and on', { at: NOON + 100_000 }));
  scrollback.append(entry('to the end', { at: NOON + 299_999 }));
  scrollback.append(entry('named again', { at: NOON + 300_000 }));
  scrollback.append(entry('later', { at: NOON + 600_000 }));
  scrollback.append(entry('next day', { at: NOON + 86_400_000, author: 'bob' }));
  t.deepEqual(
    shown(scrollback, null, 20).map((row) => row.replace(/─{5,}/, '─')),
    [
      '──── 2026-11-22 ─',
      '12:00   alice│ one two three four five',
      '             │ six',
      '             │ again',
      '             │ on and on',
      '12:01        │ a minute on',
      '             │ and on',
      '12:04        │ to the end',
      '12:05   alice│ named again',
      '12:10   alice│ later',
      '──── 2026-11-23 ─',
      '12:00     bob│ next day',
    ],
  );
});

test('scrollback: it scrolls by rows, to the top and back to the newest entry', (t) => {
  const scrollback = numbered(30);
  const size = [COLUMNS, 10] as const;
  let anchor = scrollback.scrolled(null, -3, ...size);
  t.is(shown(scrollback, anchor, 10).at(-1), '             │ line 26');
  anchor = scrollback.scrolled(anchor, -1_000, ...size);
  t.regex(shown(scrollback, anchor, 10)[0] ?? '', /2026-11-22/);
  t.is(shown(scrollback, anchor, 10).length, 10);
  scrollback.append(entry('newer'));
  t.is(shown(scrollback, anchor, 10).at(-1), '             │ line 8');
  t.is(scrollback.scrolled(anchor, 1_000, ...size), null);
  t.is(numbered(3).scrolled(null, -5, ...size), null);
});

test('scrollback: a message gets its mark, and the rule above new entries stays until they are seen', (t) => {
  const scrollback = numbered(2);
  scrollback.append(entry('mine', { id: 'm1' }));
  t.true(scrollback.mark('m1', '✓✓'));
  t.false(scrollback.mark('m2', '✓✓'));
  scrollback.append(entry('before', { author: 'bob' }));
  scrollback.append(entry('theirs', { author: 'bob' }), true);
  t.deepEqual(
    shown(scrollback, null, 4).map((row) => row.replace(/─{5,}/, '─')),
    ['12:00   alice│ mine ✓✓', '12:00     bob│ before', '──── new ─', '12:00     bob│ theirs'],
  );
  scrollback.seen();
  t.deepEqual(shown(scrollback, null, 2), ['12:00     bob│ before', '             │ theirs']);
  t.deepEqual(shown(scrollback, null, 1), ['12:00     bob│ theirs'], 'the topmost row names the author');
});

test('scrollback: beyond 20,000 entries the oldest are dropped, and windows keep their position', (t) => {
  const scrollback = numbered(19_999);
  const anchor = scrollback.scrolled(null, -3, COLUMNS, 10);
  const before = shown(scrollback, anchor, 10);
  for (let number = 0; number < 5_000; number += 1) scrollback.append(entry(`more ${number}`));
  t.true(scrollback.length <= 20_000);
  t.deepEqual(shown(scrollback, anchor, 10), before);
});

const said = (id: string, at: number, changes: Partial<Entry> = {}): Entry =>
  entry(id, { id, at, ...changes });
const order = (scrollback: Scrollback): readonly string[] =>
  [...scrollback.newestFirst()].toReversed().map(({ body }) => (typeof body === 'string' ? body : ''));

test('scrollback: older messages are inserted by time, each once, and windows keep their position', (t) => {
  const scrollback = new Scrollback(themes.dark);
  for (const at of [10, 20, 30]) scrollback.append(said(`at ${at}`, NOON + at));
  scrollback.append(entry('told', { at: NOON + 25, kind: 'system', author: null }));
  const anchor = scrollback.scrolled(null, -2, COLUMNS, 2);
  const before = shown(scrollback, anchor, 2);
  scrollback.prepend([said('at 1', NOON + 1), said('at 2', NOON + 2), said('at 10', NOON + 10)]);
  scrollback.append(said('at 5', NOON + 5));
  scrollback.append(said('at 30', NOON + 30));
  t.deepEqual(order(scrollback), ['at 1', 'at 2', 'at 5', 'at 10', 'at 20', 'at 30', 'told']);
  t.is(shown(scrollback, anchor, 2).at(-1), before.at(-1));
  t.true(scrollback.isTopInSight(scrollback.scrolled(null, -100, COLUMNS, 2), COLUMNS, 2));
  t.false(scrollback.isTopInSight(null, COLUMNS, 3));
});

test('scrollback: messages of others after the last read one are new', (t) => {
  const scrollback = new Scrollback(themes.dark);
  scrollback.prepend([
    said('read', NOON),
    said('mine', NOON + 5, { isOwn: true }),
    said('theirs', NOON + 6, { author: 'bob' }),
  ]);
  scrollback.markNewSince(NOON);
  const rows = shown(scrollback, null, 10);
  t.regex(rows[rows.length - 2] ?? '', /── new ─/);
  t.regex(rows.at(-1) ?? '', /theirs/);
});

test('scrollback: given a new entry that begins a day, then the rule of the day comes first', (t) => {
  const scrollback = new Scrollback(themes.dark);
  scrollback.append(entry('theirs'), true);
  t.deepEqual(
    shown(scrollback, null, 10).map((row) => row.replace(/─{5,}/, '─')),
    ['──── 2026-11-22 ─', '──── new ─', '12:00   alice│ theirs'],
  );
});

test('scrollback: a message that was searched for is shown in the middle of the window', (t) => {
  const scrollback = new Scrollback(themes.dark);
  for (let at = 0; at < 100; at += 1) scrollback.append(said(`at ${at}`, NOON + at));
  const rows = shown(scrollback, scrollback.showMatch('at 50', COLUMNS, 10), 10);
  t.is(rows.length, 10);
  t.true(rows.some((row) => row.includes('── found ─')));
  t.true(rows.slice(3, 7).some((row) => row.endsWith('at 50')));
  t.is(scrollback.showMatch('none', COLUMNS, 10), null);
});

test('scrollback: messages that arrive in any order are sorted by time', (t) => {
  const times = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 60 });
  fc.assert(
    fc.property(times, fc.array(fc.nat()), (live, cuts) => {
      const scrollback = new Scrollback(themes.dark);
      for (const [index, at] of live.entries()) {
        const one = said(`${at}`, NOON + at, { id: `live ${index}` });
        if (cuts[index] !== undefined && cuts[index] % 2 === 0) scrollback.prepend([one]);
        else scrollback.append(one);
      }
      t.deepEqual(
        order(scrollback),
        live.toSorted((one, other) => one - other).map((at) => `${at}`),
      );
    }),
  );
});

test('scrollback: given many entries that were shown, when wrapped rows are dropped, then the entries look the same again', (t) => {
  const scrollback = numbered(1_000);
  const newest = shown(scrollback, null, 10);
  let anchor: Anchor = null;
  for (let page = 0; page < 50; page += 1) {
    anchor = scrollback.scrolled(anchor, -10, COLUMNS, 10);
    scrollback.rows(anchor, COLUMNS, 10);
  }
  t.notDeepEqual(shown(scrollback, anchor, 10), newest);
  t.deepEqual(shown(scrollback, null, 10), newest);
});

test('scrollback: given more new messages than a window holds, then none that was dropped is kept, and the rule is above the oldest that is left', async (t) => {
  const scrollback = new Scrollback(themes.dark);
  const first = new WeakRef(said('first', NOON));
  const add = (entry: Entry | undefined): void => {
    if (entry !== undefined) scrollback.append(entry, true);
  };
  add(first.deref());
  for (let at = 1; at < 40_000; at += 1) add(said(`at ${at}`, NOON + at));
  // Reading a weak reference keeps its object alive until the end of the event loop's turn.
  await nextTurn();
  bytesInUse();
  t.is(first.deref(), undefined);
  const top = scrollback.scrolled(null, -100_000, COLUMNS, 10);
  t.regex(shown(scrollback, top, 10).slice(0, 3).join('\n'), /── new ─/);
  t.true(scrollback.newBelow(top) < 20_000);
});
