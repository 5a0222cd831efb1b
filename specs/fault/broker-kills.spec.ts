// The broker is killed repeatedly while rooms change. Every terminal receives every notice exactly once.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { z } from 'zod';
import type { JsonTerminal } from '../../bin/demo/json-terminal.js';
import { connectBus } from '../../core/bus/connection/connection.js';
import { eventsCredentials } from '../../core/bus/integration/credentials.js';
import { openKeyring } from '../../core/bus/credentials/keyring.js';
import { silentLog } from '../../core/log.js';
import { PASSWORD } from '../support/device.js';
import { lengthOf, published } from '../support/bus/events-stream.js';
import { openStage, run, type Stage } from '../support/processes/tracker-process.js';
import { until } from '../support/until.js';
import { counted, throwDice } from './support/seeded-random.js';
import { auditLedger } from './support/accepted-messages.js';

const KILLS = counted('BROKER_KILLS', { usual: 3, soak: 200 });
const LONGEST_LIFE_MS = 2_000;
const MINUTE_MS = 60_000;

test(`faults: given a broker killed ${KILLS} times while rooms change, then no terminal misses a notice and the event stream equals the log`, async (t) => {
  t.timeout(MINUTE_MS + KILLS * 10_000);
  const dice = throwDice();
  t.log(`seed ${dice.seed}`);
  const stage = await openStage(t);
  const [alice, bob, carol] = ['alice', 'bob', 'carol'].map((name) => stage.terminal(name)) as [
    JsonTerminal,
    JsonTerminal,
    JsonTerminal,
  ];
  for (const [terminal, name] of [
    [alice, 'alice'],
    [bob, 'bob'],
    [carol, 'carol'],
  ] as const) {
    await terminal.type(`/register ${name} ${PASSWORD}`);
  }
  await alice.type('/create lobby');
  await bob.type('/join lobby');

  const over = new AbortController();
  const moving = (async () => {
    for (let turn = 0; !over.signal.aborted || turn % 2 === 1; turn++) {
      const line = turn % 2 === 0 ? '/join lobby' : '/leave lobby';
      // A command waits a limited time for the session. Typing it again sends a new command.
      while ((await carol.type(line)).phrase === 'UNAVAILABLE');
    }
  })();
  for (let kill = 0; kill < KILLS; kill++) {
    await new Promise((resolve) => setTimeout(resolve, dice.roll(LONGEST_LIFE_MS)));
    await killBroker(stage);
  }
  over.abort();
  await moving;
  const leavings = ['--home', stage.home, '--type', 'MemberLeft', '--account', 'carol', '--json'];
  const { lines } = await run(['admin', 'log', ...leavings]);
  for (const terminal of [alice, bob, carol]) {
    await until(() => told(terminal, 'MemberLeft') >= lines.length, 'the notice of the last leave');
  }
  const stream = await streamAsLongAsTheLog(t, stage);
  await stage.tracker().stop('SIGTERM');
  const events = await auditLedger(t, stage.home);
  t.deepEqual(
    withoutRepeats(stream).map(({ id, position, type, hash }) => ({ id, position, type, hash })),
    events.map(({ stream, version, position, type, hash }) => ({
      id: `${stream}/${version}`,
      position: String(position),
      type: `partyline.${type}`,
      hash,
    })),
    'the event stream equals the log',
  );
  for (const type of ['MemberJoined', 'MemberLeft']) {
    const happened = events.filter((event) => event.type === type).length;
    // One `MemberJoined` is Bob's own. All other joins and leaves are carol's.
    const ofCarol = type === 'MemberJoined' ? happened - 1 : happened;
    for (const terminal of [alice, bob, carol]) t.is(told(terminal, type), ofCarol, type);
  }
  const repeats = stream.length - events.length;
  t.log(
    `${lines.length} joins and leaves; ${events.length} events in the stream, ${repeats} of them repeated`,
  );
});

/** The number of times that a terminal reported this action of carol. */
const told = (terminal: JsonTerminal, type: string): number =>
  terminal.seen.filter(
    ({ event, ...notice }) => event === 'notice' && notice['type'] === type && notice['username'] === 'carol',
  ).length;

/** Reads all of `EVENTS`, once the stream holds the log's last event. */
async function streamAsLongAsTheLog(t: ExecutionContext, stage: Stage) {
  const last = (await run(['admin', 'log', '--home', stage.home, '--json'])).lines.at(-1) ?? '';
  const { position } = z.object({ position: z.number() }).parse(JSON.parse(last));
  const credentials = eventsCredentials(await openKeyring(stage.home), Date.now());
  const { host } = new URL(stage.invite.replace(/^partyline/, 'http'));
  const servers = `nats://${host}`;
  const bus = await connectBus({
    servers,
    credentials,
    inboxPrefix: '_INBOX_spec',
    name: 'spec',
    log: silentLog,
  });
  t.teardown(() => bus.close());
  // Repeated events can make the stream long enough too early. The comparison below then shows the missing events.
  await until(async () => (await lengthOf(bus)) >= position, 'the stream to have all of the log', 60_000);
  return published(bus);
}

/** The events that remain for a consumer that ignores repeated ids. */
function withoutRepeats<Event extends { readonly id: string }>(events: readonly Event[]): readonly Event[] {
  const seen = new Set<string>();
  return events.filter(({ id }) => seen.size < seen.add(id).size);
}

async function killBroker(stage: Stage): Promise<void> {
  const file = join(stage.home, 'broker', 'broker.pid');
  const pid = Number(await readFile(file, 'utf8'));
  process.kill(pid, 'SIGKILL');
  await until(async () => Number(await readFile(file, 'utf8')) !== pid, 'the broker to run again');
}
