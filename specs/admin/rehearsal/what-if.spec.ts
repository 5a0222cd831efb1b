import test, { type ExecutionContext } from 'ava';
import { createLook, type Look } from '../../../admin/look.js';
import type { Changes } from '../../../admin/rehearsal/what-if/changes.js';
import { readInserts } from '../../../admin/rehearsal/what-if/insert-file.js';
import { checkChanges, reportOf } from '../../../admin/rehearsal/what-if/report.js';
import { RULES, type Rules } from '../../../admin/rehearsal/what-if/rules.js';
import type { Ruling } from '../../../admin/rehearsal/what-if/ruling.js';
import { createHistory } from '../../../admin/rehearsal/what-if/source.js';
import {
  reportJson,
  reportText,
  rulesText,
  rulingJson,
  rulingText,
} from '../../../admin/rehearsal/what-if/text.js';
import { createWhatIf } from '../../../admin/rehearsal/what-if/what-if.js';
import { noPaint } from '../../../admin/text/paint.js';
import { OperatorError } from '../../../core/errors.js';
import { limits } from '../../../core/protocol/limits.js';
import { openTrackerFixture, type TrackerFixture } from '../../actors/tracker-fixture.js';
import { homeOf, moderated } from '../histories.js';
import { rulingOf, withoutEvent } from './model.js';
import { isApplicable } from '../../../core/events/event.js';

const NONE: Changes = { drops: new Set(), inserts: [], rules: {} };

async function tried(look: Look, changes: Partial<Changes>) {
  const end = await look.end();
  const whatIf = createWhatIf(createHistory(look, end), { ...NONE, ...changes });
  const all: Ruling[] = [];
  for await (const ruling of whatIf.rulings()) all.push(ruling);
  const different = all.filter(({ isDifferent }) => isDifferent);
  const counts = { commands: all.length, different: different.length };
  const report = await reportOf(look, whatIf, counts, end);
  const blocks = await Promise.all(different.map((ruling) => rulingText(ruling, look.names, noPaint)));
  return { different, report, text: [...blocks, ...reportText(report, noPaint)].join('\n') };
}

/** Ann leads the lobby. Ben and Cat join, Ann leaves at position 10, so Ben leads. Ben removes Cat at position 12. */
async function lobby(
  t: ExecutionContext,
): Promise<{ readonly fixture: TrackerFixture; readonly look: Look }> {
  const fixture = await openTrackerFixture(t);
  const [ann, ben, cat] = [
    await fixture.enrolled('Ann'),
    await fixture.enrolled('Ben'),
    await fixture.enrolled('Cat'),
  ];
  await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'lobby' });
  await fixture.ask.rooms(ben, { operation: 'JOIN', name: 'lobby' });
  await fixture.ask.rooms(cat, { operation: 'JOIN', name: 'lobby' });
  await fixture.ask.rooms(ann, { operation: 'QUIT', name: 'lobby' });
  await fixture.ask.rooms(ben, { operation: 'REMOVE', name: 'lobby', username: 'Cat', reason: 'spam' });
  return { fixture, look: createLook(homeOf(t, fixture).reader) };
}

const withoutTimes = (text: string): string => text.replaceAll(/ {2}\d{4}-\S+Z/g, '');

test('what-if: given a leave that is dropped, then the room keeps its admin, and later decisions follow', async (t) => {
  const { look } = await lobby(t);
  const { text, report } = await tried(look, { drops: new Set([11]) });
  t.is(
    withoutTimes(text),
    [
      'position 10  #lobby  LeaveRoom by @Ann',
      '  was       MemberLeft  account @Ann',
      '            AdminSucceeded  account @Ben, after @Ann, because left',
      '  would be  not sent',
      'position 12  #lobby  RemoveMember by @Ben',
      '  was       MemberRemoved  account @Cat',
      '  would be  refused: NOT_ADMIN',
      'decisions   2 of 2 have another result',
      'rooms that would differ',
      '  #lobby  members  +@Ann +@Cat',
      '          admins   +@Ann -@Ben',
      'people who would get other notices',
      '  @Ben  3 fewer notices',
      '  @Cat  3 fewer notices',
      '  @Ann  1 fewer notice',
      'The histories differ at the end.',
      'Untouched rooms and accounts: 3.',
      'The log does not store refused commands, so this report lacks refused commands that would now be accepted.',
    ].join('\n'),
  );
  t.like(JSON.parse(reportJson(report)), { format: 'what-if/1', equalAfter: null, untouched: 3 });
});

test('what-if: given a ban that is inserted, then the join is refused, and both histories are equal after the leave', async (t) => {
  const { look, fixture } = await lobby(t);
  const end = await look.end();
  const line = { before: 9, type: 'BanMember', by: '@ann', room: '#lobby', target: '@ben', reason: 'spam' };
  const inserts = await readInserts(look, `\n${JSON.stringify(line)}\n`, end);
  const { different, report } = await tried(look, { inserts });
  t.deepEqual(
    different.map(({ position, source, fate }) => [position, source, fate.kind]),
    [
      [9, 'inserted', 'recorded'],
      [10, 'log', 'recorded'],
      [12, 'log', 'refused'],
    ],
  );
  t.like(different[2]?.fate, { reason: 'BANNED' });
  t.deepEqual(
    report.rooms[0]?.admins.added.map(({ name }) => name),
    ['Cat'],
  );
  t.deepEqual(
    report.rooms[0]?.banned.added.map(({ name }) => name),
    ['Ben'],
  );
  t.is((await fixture.store.head()).position, end);
  const topic = { before: end + 1, type: 'ChangeTopic', by: '@ben', room: 'lobby', topic: 'weather' };
  const last = await tried(look, { inserts: await readInserts(look, JSON.stringify(topic), end) });
  t.like(last.report, { commands: 1, different: 1, equalAfter: null });
  t.true(last.report.rooms[0]?.isTopicOther);
});

test('what-if: given a disabled account that is inserted, then it leaves its rooms and sends nothing any more', async (t) => {
  const { look } = await lobby(t);
  const line = { before: 10, type: 'DisableAccount', account: '@Ann' };
  const { different, text } = await tried(look, {
    inserts: await readInserts(look, JSON.stringify(line), await look.end()),
  });
  t.deepEqual(
    different.map(({ position, source, fate }) => [position, source, fate.kind]),
    [
      [10, 'inserted', 'recorded'],
      [10, 'consequence', 'recorded'],
      [10, 'log', 'refused'],
    ],
  );
  t.like(different[2]?.fate, { reason: 'NOT_ENROLLED' });
  t.regex(text, /@Ann {2}disabled instead of active/);
});

for (const [rule, value, refused] of [
  ['members-per-room', '2', ['ROOM_FULL']],
  ['rooms-per-account', '1', []],
  ['members-per-room', '3', []],
] as const) {
  test(`what-if: given the rule ${rule}=${value}, then the refusals are [${refused.join(', ')}]`, async (t) => {
    const { look } = await lobby(t);
    const { different } = await tried(look, { rules: parsed(rule, value) });
    t.deepEqual(
      different.flatMap(({ command, fate }) =>
        fate.kind === 'refused' && command?.type === 'JoinRoom' ? [fate.reason] : [],
      ),
      [...refused],
    );
  });
}

const parsed = (name: string, value: string): Rules =>
  RULES.find((rule) => rule.name === name)?.parse(value) ?? {};

test('what-if: given other rules for rooms of an account and for reserved names, then the decisions follow them', async (t) => {
  const fixture = await openTrackerFixture(t);
  const [ann, ben] = [await fixture.enrolled('Ann'), await fixture.enrolled('Ben')];
  await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'lobby' });
  await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'attic' });
  await fixture.ask.account(ann, { operation: 'RENAME', username: 'Zoe' });
  fixture.clock.advance(limits.usernameHeldDays * 86_400_000);
  await fixture.ask.account(ben, { operation: 'RENAME', username: 'Ann' });
  const look = createLook(homeOf(t, fixture).reader);
  const reasonsOf = async (rules: Rules) =>
    (await tried(look, { rules })).different.map(({ fate }) =>
      fate.kind === 'refused' ? fate.reason : fate.kind,
    );
  t.deepEqual(await reasonsOf(parsed('rooms-per-account', '1')), ['TOO_MANY_ROOMS']);
  t.deepEqual(await reasonsOf(parsed('name-reserved-days', '40')), ['recorded', 'USERNAME_TAKEN']);
  t.deepEqual(await reasonsOf(parsed('renames', '1')), []);
  t.is(parsed('renames', '11').usernamesHeld, undefined);
  t.deepEqual(parsed('admin-absence', 'never'), { adminAbsenceMs: null });
  t.deepEqual(parsed('admin-absence', '12h'), { adminAbsenceMs: 43_200_000 });
  t.is(rulesText().length, RULES.length + 1);
});

test('what-if: given a log in a file, then the decisions are those of the independent model', async (t) => {
  const fixture = await openTrackerFixture(t);
  await moderated(fixture, 41, 150);
  const events = (await fixture.store.readAll({ fromPosition: 1, limit: 10_000 })).filter(isApplicable);
  const look = createLook(homeOf(t, fixture).reader);
  for (const part of [0.3, 0.6, 0.9]) {
    const dropped = Math.floor(part * events.length);
    const { different } = await tried(look, { drops: new Set([dropped]) });
    const model = new Map(withoutEvent(events, dropped).map(({ position, ruling }) => [position, ruling]));
    t.true(different.length > 0);
    for (const { position, fate } of different) {
      t.deepEqual(rulingOf(fate), model.get(position), `position ${position} without ${dropped}`);
    }
    for (const one of different)
      t.like(JSON.parse(rulingJson(one)), { format: 'ruling/1', position: one.position });
  }
});

test('what-if: given commands to insert with a mistake, then the error names the line', async (t) => {
  const { look } = await lobby(t);
  const end = await look.end();
  const good = '{"before": 3, "type": "RegisterAccount", "name": "Dan"}';
  const wrong: readonly (readonly [string, RegExp])[] = [
    ['', /^line 1 .*no command/],
    [`${good}\n{`, /^line 2 .*not JSON/],
    [`${good}\n\n[]`, /^line 3 /],
    ['{"before": 3, "type": "Tick"}', /^line 1 .*type/],
    ['{"before": 0, "type": "RegisterAccount", "name": "Dan"}', /^line 1 .*before/],
    ['{"before": 3, "type": "RegisterAccount", "name": "Dan", "x": 1}', /^line 1 .*x/],
    ['{"before": 3, "type": "RegisterAccount", "name": "D n"}', /^line 1 .*name/],
    [`{"before": ${end + 2}, "type": "RegisterAccount", "name": "Dan"}`, /^line 1 .*at most/],
    ['{"before": 9, "type": "JoinRoom", "by": "@nobody", "room": "lobby"}', /no account has/],
  ];
  for (const [text, message] of wrong) {
    await t.throwsAsync(readInserts(look, text, end), { instanceOf: OperatorError, message }, text);
  }
  t.throws(() => checkChanges(NONE, end), { message: 'nothing is changed' });
  t.throws(() => checkChanges({ ...NONE, drops: new Set([end + 1]) }, end), { message: /has no position/ });
});
