// Presence as others see it in /people and /members, when terminals, the tracker or the broker are stopped or killed.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { z } from 'zod';
import type { JsonTerminal } from '../../bin/demo/json-terminal.js';
import { PASSWORD } from '../support/device.js';
import { openStage, type Stage, twoInLobby } from '../support/processes/tracker-process.js';
import { until } from '../support/until.js';

const peopleSchema = z.object({
  people: z.array(
    z.object({
      username: z.string(),
      state: z.string(),
      you: z.boolean(),
      rooms: z.array(z.string()),
      link: z.string().nullable(),
    }),
  ),
});
const membersSchema = z.object({ members: z.array(z.object({ username: z.string(), online: z.boolean() })) });

/** The person in the list that `by` receives. Waits while the tracker is unreachable. */
async function seen(by: JsonTerminal, username: string) {
  const { people } = await until(
    async () => peopleSchema.safeParse((await by.type('/people'))['data']).data,
    'an answer to /people',
  );
  return people.find((person) => person.username === username);
}

async function isOnlineAmongMembers(by: JsonTerminal, username: string): Promise<boolean | undefined> {
  const { members } = await until(
    async () => membersSchema.safeParse((await by.type('/members lobby'))['data']).data,
    'an answer to /members',
  );
  return members.find((member) => member.username === username)?.online;
}

/** Waits until /people and /members both show the person as `isOnline` says. */
async function isSeenAs(by: JsonTerminal, username: string, isOnline: boolean): Promise<true> {
  await until(async () => ((await seen(by, username)) !== undefined) === isOnline, `/people on ${username}`);
  await until(async () => (await isOnlineAmongMembers(by, username)) === isOnline, `/members on ${username}`);
  return true;
}

async function killBroker({ home }: Stage): Promise<void> {
  process.kill(Number(await readFile(join(home, 'broker', 'broker.pid'), 'utf8')), 'SIGKILL');
}

test('presence: people are listed with their state, the shared rooms, and the link', async (t) => {
  const stage = await openStage(t);
  const { alice, bob } = await twoInLobby(stage);
  await bob.type('/create den');
  t.like(await seen(alice, 'bob'), { state: 'online', you: false, rooms: ['#lobby'], link: 'tcp' });
  t.like(await seen(alice, 'alice'), { state: 'online', you: true, rooms: ['#lobby'], link: null });
  await bob.type('/dnd');
  t.like(await seen(alice, 'bob'), { state: 'dnd' });
  const desk = stage.terminal('desk');
  await desk.type(`/login bob ${PASSWORD}`);
  t.like(await seen(alice, 'bob'), { state: 'dnd' }, 'one of the terminals has do-not-disturb on');
  await killBroker(stage);
  await until(async () => (await seen(alice, 'bob'))?.state === 'dnd', 'the state after a reconnection');
  await bob.type('/dnd off');
  // Bob's terminal may not be connected yet. It then reports the new state once it connects.
  await until(async () => (await seen(alice, 'bob'))?.state === 'online', 'the state without dnd');
});

test('presence: given a terminal that leaves or is killed, then others see it as offline', async (t) => {
  const stage = await openStage(t);
  const { alice, bob } = await twoInLobby(stage);
  t.true(await isSeenAs(alice, 'bob', true));
  t.is(await bob.leave(), 0);
  t.is(await seen(alice, 'bob'), undefined, 'the terminal has reported to the tracker');
  t.is(await isOnlineAmongMembers(alice, 'bob'), false);
  const again = stage.terminal('bob');
  await again.expect({ event: 'session', state: 'online' }, 'being online');
  t.true(await isSeenAs(alice, 'bob', true));
  await again.kill();
  t.true(await isSeenAs(alice, 'bob', false));
});

test('presence: given a terminal that is suspended, then others see it as offline, and as online when it continues', async (t) => {
  const stage = await openStage(t);
  const { alice, bob } = await twoInLobby(stage);
  process.kill(bob.pid, 'SIGSTOP');
  t.teardown(() => process.kill(bob.pid, 'SIGCONT'));
  await alice.expect({ event: 'presence', username: 'bob', state: 'offline' }, 'the timeout of bob');
  t.true(await isSeenAs(alice, 'bob', false));
  process.kill(bob.pid, 'SIGCONT');
  await alice.expect({ event: 'presence', username: 'bob', state: 'online' }, 'the return of bob');
  t.true(await isSeenAs(alice, 'bob', true));
});

test('presence: given a tracker that is killed and started again, then it lists exactly those who are online', async (t) => {
  const stage = await openStage(t);
  const { alice, bob } = await twoInLobby(stage);
  const carol = stage.terminal('carol');
  await carol.type(`/register carol ${PASSWORD}`);
  await carol.type('/join lobby');
  const crash = stage.crashTracker();
  await bob.kill();
  await crash;
  t.true(await isSeenAs(alice, 'carol', true));
  t.true(await isSeenAs(alice, 'bob', false));
});

test('presence: given a broker that was killed, then exactly those who are online are listed', async (t) => {
  const stage = await openStage(t);
  const { alice, bob } = await twoInLobby(stage);
  const carol = stage.terminal('carol');
  await carol.type(`/register carol ${PASSWORD}`);
  await carol.type('/join lobby');
  const mark = alice.seen.length;
  await killBroker(stage);
  await bob.kill();
  await alice.expect({ event: 'session', state: 'online' }, 'being back', mark);
  t.true(await isSeenAs(alice, 'carol', true));
  t.true(await isSeenAs(alice, 'bob', false));
});
