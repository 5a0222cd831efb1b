// After a crash of the broker or of the tracker, every terminal reconnects by itself, and no acknowledged data is lost.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import type { JsonTerminal } from '../../bin/demo/json-terminal.js';
import { openStage, twoInLobby } from '../support/processes/tracker-process.js';

test('recovery: given a killed broker, then every terminal reconnects by itself and reports the reason of the interruption', async (t) => {
  const stage = await openStage(t);
  const { alice, bob } = await twoInLobby(stage);
  const marks = [alice.seen.length, bob.seen.length];
  const pid = Number(await readFile(join(stage.home, 'broker', 'broker.pid'), 'utf8'));
  process.kill(pid, 'SIGKILL');
  for (const [index, terminal] of [alice, bob].entries()) await backOnline(terminal, marks[index] ?? 0);

  t.like(await alice.type('/create annex'), { status: 200 });
  t.like(await bob.type('/join annex'), { status: 200 });
  const said = await alice.type('still here');
  await bob.expect({ event: 'message', id: said['id'] }, 'a message after the crash');
});

test('recovery: given a killed tracker that is started again, then terminals reconnect and no acknowledged data is lost', async (t) => {
  const stage = await openStage(t);
  const { alice, bob } = await twoInLobby(stage);
  t.like(await bob.type('/create attic'), { status: 200 });
  const marks = [alice.seen.length, bob.seen.length];
  await stage.crashTracker();
  for (const [index, terminal] of [alice, bob].entries()) await backOnline(terminal, marks[index] ?? 0);

  const rooms = (await alice.type('/rooms'))['data'] as {
    readonly rooms: readonly { readonly name: string }[];
  };
  t.deepEqual(
    rooms.rooms.map(({ name }) => name),
    ['attic', 'lobby'],
  );
  const members = (await alice.type('/members lobby'))['data'] as { readonly members: readonly object[] };
  t.like(members.members, [
    { username: 'alice', admin: true },
    { username: 'bob', admin: false },
  ]);
  t.like(await alice.type('/join attic'), { status: 200 });
});

test('recovery: given a killed terminal, when it is started again, then it sends the messages that it had accepted', async (t) => {
  const stage = await openStage(t);
  const { alice, bob } = await twoInLobby(stage);
  await bob.kill();
  const said = await alice.type('for later');
  t.like(said, { status: 400 });
  await alice.kill();

  const late = stage.terminal('bob');
  await late.expect({ event: 'session', state: 'online' }, 'being online');
  const again = stage.terminal('alice');
  await again.expect({ event: 'session', state: 'online' }, 'being online');
  await late.expect(
    { event: 'message', id: said['id'], text: 'for later' },
    'the message accepted before the crash',
  );
});

async function backOnline(terminal: JsonTerminal, after: number): Promise<void> {
  await terminal.expect({ event: 'session', state: 'reconnecting' }, 'noticing the loss', after);
  await terminal.expect({ event: 'session', state: 'online' }, 'being back', after);
}
