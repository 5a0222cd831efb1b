import test, { type ExecutionContext } from 'ava';
import { bisect } from '../../admin/bisect/bisect.js';
import { parseCondition } from '../../admin/bisect/condition.js';
import { bisectionJson, bisectionText } from '../../admin/bisect/text.js';
import { createLook } from '../../admin/look.js';
import { OperatorError } from '../../core/errors.js';
import { openTrackerFixture } from '../actors/tracker-fixture.js';
import { homeOf } from './histories.js';

/** Positions: 1-6 accounts, 7 the lobby by Ann, 8 Ben joins, 9 the topic, 10 Ben leaves, 11 Cat joins, 12 Ann is Zoe, 13-14 Ann leaves. */
async function open(t: ExecutionContext) {
  const fixture = await openTrackerFixture(t);
  const [ann, ben, cat] = [
    await fixture.enrolled('Ann'),
    await fixture.enrolled('Ben'),
    await fixture.enrolled('Cat'),
  ];
  await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'lobby' });
  await fixture.ask.rooms(ben, { operation: 'JOIN', name: 'lobby' });
  await fixture.ask.rooms(ann, { operation: 'TOPIC', name: 'lobby', topic: 'weather' });
  await fixture.ask.rooms(ben, { operation: 'QUIT', name: 'lobby' });
  await fixture.ask.rooms(cat, { operation: 'JOIN', name: 'lobby' });
  await fixture.ask.account(ann, { operation: 'RENAME', username: 'Zoe' });
  await fixture.ask.rooms(ann, { operation: 'QUIT', name: 'lobby' });
  const look = createLook(homeOf(t, fixture).reader);
  return async (name: string, condition: string) => {
    const end = await look.end();
    const subject = await look.resolver.resolve(name, end);
    const done = await bisect(look, subject, parseCondition(condition, subject.kind), end);
    const json: unknown = JSON.parse(bisectionJson(subject, condition, done));
    return { done, json, text: (await bisectionText(look, done)).join('\n') };
  };
}

test('bisect: a condition gives the positions at which it becomes true and false, also more than once', async (t) => {
  const search = await open(t);
  const cases: readonly (readonly [string, string, readonly (readonly [number, number | null])[]])[] = [
    [
      '#lobby',
      'size(members) == 2',
      [
        [8, 10],
        [11, 13],
      ],
    ],
    ['#lobby', 'members.exists(m, m.name == "Ben")', [[8, 10]]],
    ['#lobby', 'admins.exists(m, m.name == "Cat" && m.because == "left")', [[14, null]]],
    ['#lobby', 'topic.text == "weather"', [[9, null]]],
    ['#lobby', 'topic != null && topic.text.startsWith("w") || version > 6', [[9, null]]],
    ['#lobby', 'state == "closed"', []],
    ['@Zoe', 'name == "Zoe"', [[12, null]]],
    ['@Zoe', 'rooms.exists(r, r.name == "lobby" && r.isAdmin)', [[7, 13]]],
    ['@Ben', 'size(rooms) == 1', [[8, 10]]],
  ];
  for (const [name, condition, expected] of cases) {
    const { done } = await search(name, condition);
    t.deepEqual(
      done.periods.map(({ from, until }) => [from.position, until?.position ?? null]),
      expected.map((period) => [...period]),
      condition,
    );
  }
});

test('bisect: the text has the event that made the condition true, and whether it stayed true', async (t) => {
  const search = await open(t);
  const { text, json } = await search('#lobby', 'size(members) == 2');
  t.regex(
    text,
    /^first true at position 8, .*\n +8 .* MemberJoined {2}by Ben .*\ntrue until position 10, .*, where it became false\nlater periods in which it is true: 1\ntested at 7 events$/,
  );
  t.like(json, {
    format: 'bisect/1',
    condition: 'size(members) == 2',
    first: { position: 8 },
    hasStayed: false,
  });
  t.regex(
    (await search('#lobby', 'topic.text == "x"')).text,
    /^never true, tested at 7 events, without a value at 2 of them$/,
  );
  t.like((await search('@Zoe', 'name == "Zoe"')).json, { hasStayed: true });
});

for (const [condition, message] of [
  ['size(membrs) > 1', /at character 6: .*membrs/],
  ['members.exists(m, m.nam == "x")', /at character 21: unknown field: nam/],
  ['size(members) >', /at character 16: /],
  ['size(members', /at character \d+: /],
  ['members.filter(m, true)', /not a condition: its value is of the type list/],
  ['members.explode()', /at character \d+: /],
  ['constructor == 1', /at character 1: .*constructor/],
  ['topic.__proto__ == null', /at character 7: unknown field: __proto__/],
  ['rooms == []', /at character 1: .*rooms/],
] as const) {
  test(`bisect: the condition ${condition} is refused with its place`, (t) => {
    t.throws(() => parseCondition(condition, 'room').isMet({ members: [] }), {
      instanceOf: OperatorError,
      message,
    });
  });
}
