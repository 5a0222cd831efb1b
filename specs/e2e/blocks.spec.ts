// A block prevents contact at all terminals of both accounts, also after restarts. After an unblock, contact is
// possible again.
import test, { type ExecutionContext } from 'ava';
import { z } from 'zod';
import type { JsonTerminal } from '../../bin/demo/json-terminal.js';
import { PASSWORD } from '../support/device.js';
import { openStage, type Stage, twoInLobby } from '../support/processes/tracker-process.js';
import { until } from '../support/until.js';

const peopleSchema = z.object({
  people: z.array(z.object({ username: z.string(), link: z.string().nullable(), blocked: z.boolean() })),
});
const blocksSchema = z.object({ blocks: z.array(z.object({ username: z.string() })) });
const membersSchema = z.object({ members: z.array(z.object({ username: z.string(), online: z.boolean() })) });

async function personSeen(by: JsonTerminal, username: string) {
  const { people } = peopleSchema.parse((await by.type('/people'))['data']);
  return people.find((person) => person.username === username);
}

async function blockedBy(terminal: JsonTerminal): Promise<readonly string[]> {
  const { blocks } = blocksSchema.parse((await terminal.type('/blocks'))['data']);
  return blocks.map(({ username }) => username);
}

const isUnlinked = (terminal: JsonTerminal, username: string): Promise<true> =>
  until(async () => (await personSeen(terminal, username))?.link === null, `no link to ${username}`);

const isLinked = (terminal: JsonTerminal, username: string): Promise<true> =>
  until(
    async () => typeof (await personSeen(terminal, username))?.link === 'string',
    `a link to ${username}`,
  );

async function person(stage: Stage, username: string): Promise<JsonTerminal> {
  const terminal = stage.terminal(username);
  await terminal.type(`/register ${username} ${PASSWORD}`);
  await terminal.type('/join lobby');
  return terminal;
}

/**
 * Waits until `to` receives a message of `from`. Returns the number of messages and notifications from `silent` among
 * its events after the first `after`.
 */
async function heardBefore(
  [from, to]: readonly [JsonTerminal, JsonTerminal],
  silent: string,
  after: number,
): Promise<number> {
  const { id } = await from.type('is anybody there?');
  await to.expect({ event: 'message', id }, 'the message of the other', after);
  const fromSilent = to.seen
    .slice(after)
    .filter(({ from: author, username }) => [author, username].includes(silent));
  return fromSilent.filter(({ event }) => event === 'message' || event === 'notification').length;
}

/**
 * Alice has blocked bob, and both are in a room with carol: neither hears the other, and bob cannot detect the block.
 */
async function isApart(t: ExecutionContext, alice: JsonTerminal, bob: JsonTerminal, carol: JsonTerminal) {
  await isUnlinked(alice, 'bob');
  await Promise.all([isLinked(carol, 'alice'), isLinked(carol, 'bob')]);
  const marks = [alice.seen.length, bob.seen.length] as const;
  for (const one of [alice, bob, carol]) t.like(await one.type('/open #lobby'), { status: 500 });
  const carols = carol.seen.length;
  const [toBob, toAlice] = [await alice.type('not for bob'), await bob.type('not for alice')];
  for (const { id } of [toBob, toAlice].map((reply) => ({ id: reply['id'] }))) {
    await carol.expect({ event: 'message', id }, 'both messages', carols);
  }
  t.is(await heardBefore([carol, alice], 'bob', marks[0]), 0);
  t.is(await heardBefore([carol, bob], 'alice', marks[1]), 0);

  t.is(await personSeen(bob, 'alice'), undefined);
  const { members } = membersSchema.parse((await bob.type('/members'))['data']);
  t.like(
    members.find(({ username }) => username === 'alice'),
    { online: false },
  );
  t.like(await bob.type('/msg alice'), { status: 301, phrase: 'USERNAME_OFFLINE' });
  t.like(await alice.type('/msg bob'), { status: 301, phrase: 'USER_IS_BLOCKED' });
  t.like(await personSeen(alice, 'bob'), { blocked: true, link: null });
}

test('block: neither hears the other, in a room or in private, and the blocked person sees the other only as offline', async (t) => {
  t.timeout(120_000);
  const stage = await openStage(t);
  const { alice, bob } = await twoInLobby(stage);
  const carol = await person(stage, 'carol');
  await bob.type('/msg alice hi');
  await alice.expect({ event: 'message', conversation: '@bob' }, 'a private message');
  const desk = stage.terminal('desk');
  await desk.type(`/login alice ${PASSWORD}`);
  await isLinked(desk, 'bob');

  t.like(await alice.type('/block Bob'), { status: 300, phrase: 'USER_BLOCKED' });
  await alice.expect(
    { event: 'link', peer: 'bob', state: 'closed', reason: 'You blocked this person.' },
    'the end',
  );
  await isUnlinked(desk, 'bob');
  t.deepEqual(await blockedBy(desk), ['bob']);
  await isApart(t, alice, bob, carol);
  t.like(await alice.type('/open @bob'), { status: 500 });
  t.like(await alice.type('psst'), { status: 401, phrase: 'USER_IS_BLOCKED' });

  const { id } = await bob.type('for later');
  t.like(await alice.type('/unblock bob'), { status: 300, phrase: 'USER_UNBLOCKED' });
  await alice.expect({ event: 'message', id }, 'the queued message from somebody who seemed offline');
  t.deepEqual(await blockedBy(desk), []);
  t.like(await alice.type('/block alice'), { status: 301, phrase: 'INVALID_COMMAND' });
  t.like(await alice.type('/block nobody'), { status: 301, phrase: 'USERNAME_NOT_FOUND' });
});

test('block: given a tracker and terminals that are killed, then a block still holds', async (t) => {
  t.timeout(120_000);
  const stage = await openStage(t);
  const { alice, bob } = await twoInLobby(stage);
  const carol = await person(stage, 'carol');
  t.like(await alice.type('/block bob'), { status: 300 });
  await stage.crashTracker();
  await Promise.all([alice.kill(), bob.kill()]);
  const again = [stage.terminal('bob'), stage.terminal('alice')] as const;
  for (const one of again) await one.expect({ event: 'session', state: 'online' }, 'being online');
  const [bobAgain, aliceAgain] = again;
  t.deepEqual(await blockedBy(aliceAgain), ['bob']);
  await isApart(t, aliceAgain, bobAgain, carol);
});
