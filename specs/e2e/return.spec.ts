// The return of a terminal after an interruption: it reconnects by itself, keeps its rooms, and reports the reason of
// the interruption and the missed notices.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { z } from 'zod';
import type { JsonTerminal } from '../../bin/demo/json-terminal.js';
import { PASSWORD } from '../support/device.js';
import { openStage, twoInLobby } from '../support/processes/tracker-process.js';
import { until } from '../support/until.js';

const backSchema = z.object({ awayMs: z.int().min(0), reason: z.string().min(1), notices: z.int().min(0) });

/** The report of a terminal that has reconnected, among its events after the first `after`. */
async function back(terminal: JsonTerminal, after: number) {
  return backSchema.parse(await terminal.expect({ event: 'back' }, 'being back', after));
}

async function works(t: ExecutionContext, alice: JsonTerminal, bob: JsonTerminal): Promise<void> {
  const said = await alice.type('here we are');
  await bob.expect({ event: 'message', conversation: '#lobby', id: said['id'] }, 'a message in the room');
  t.is(bob.seen.filter(({ event }) => event === 'back').length, 1);
}

test('return: given a terminal that was suspended, then it reports that, and how many notices it fetched', async (t) => {
  const stage = await openStage(t);
  const { alice, bob } = await twoInLobby(stage);
  // Carol has no link to bob, so her list comes from the tracker alone.
  const carol = stage.terminal('carol');
  await carol.type(`/register carol ${PASSWORD}`);
  const mark = bob.seen.length;
  process.kill(bob.pid, 'SIGSTOP');
  t.teardown(() => process.kill(bob.pid, 'SIGCONT'));
  const isGone = async () => {
    const list = JSON.stringify((await carol.type('/people'))['data']);
    return list.includes('"carol"') && !list.includes('"bob"');
  };
  await until(isGone, 'the broker to close the connection');
  for (const topic of ['tea', 'cake']) t.like(await alice.type(`/topic ${topic}`), { status: 200 });
  process.kill(bob.pid, 'SIGCONT');
  const told = await back(bob, mark);
  t.is(told.notices, 2);
  t.regex(told.reason, /was stopped/);
  await works(t, alice, bob);
});

test('return: given a broker or a tracker that was killed, then every terminal is back in its rooms and reports the reason of the interruption', async (t) => {
  const stage = await openStage(t);
  const { alice, bob } = await twoInLobby(stage);
  const mark = bob.seen.length;
  process.kill(Number(await readFile(join(stage.home, 'broker', 'broker.pid'), 'utf8')), 'SIGKILL');
  const told = await back(bob, mark);
  t.is(told.notices, 0);
  t.regex(told.reason, /connection|broker/i);
  await works(t, alice, bob);
  const next = bob.seen.length;
  await stage.crashTracker();
  t.is((await back(bob, next)).notices, 0);
  t.like(await bob.type('/members lobby'), { status: 200 });
});
