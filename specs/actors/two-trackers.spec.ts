import { join } from 'node:path';
import test from 'ava';
import { z } from 'zod';
import { withHome } from '../../admin/home.js';
import { verifyHome } from '../../admin/verify.js';
import type { CommandId } from '../../core/ids.js';
import type { Json } from '../../core/json.js';
import type { Response } from '../../core/protocol/envelope.js';
import { isSuccess } from '../../core/protocol/status.js';
import { openSqliteReader } from '../../core/events/sql/sqlite.js';
import { trackerMigrations } from '../../migrations/tracker/all.js';
import { seededNumbers } from '../core/events/tampering.js';
import { startHelper } from '../support/processes/process.js';
import { until } from '../support/until.js';
import { enter, openTracker, type Terminal } from './deployment.js';
import { newCommandId } from './tracker-fixture.js';

const SEED = Date.now() % 1_000_000;
const COMMANDS = 2_000;
const PEOPLE = 12;
const ROOMS = ['attic', 'cellar', 'hall', 'lobby', 'yard'] as const;
const OPERATIONS =
  'CREATE JOIN JOIN JOIN JOIN QUIT REMOVE BAN UNBAN UNBAN INVITE PROMOTE PROMOTE PROMOTE DEMOTE SUCCESSOR TOPIC TOPIC TOPIC TOPIC'.split(
    ' ',
  );

interface Asked {
  readonly terminal: Terminal;
  readonly id: CommandId;
  readonly data: Json;
}

function commands(people: readonly Terminal[], seed: number): readonly Asked[] {
  const pick = seededNumbers(seed);
  const one = <T>(list: readonly T[]): T => {
    const found = list[pick(list.length)];
    if (found === undefined) throw new Error('there is nothing to pick from');
    return found;
  };
  return Array.from({ length: COMMANDS }, (_, n) => {
    const username = one(people).grant.username;
    const data = { operation: one(OPERATIONS), name: one(ROOMS), username, topic: `topic ${n}` };
    return { terminal: one(people), id: newCommandId(), data };
  });
}

/** The answer, after retries with the same id while the tracker is busy. */
async function answered({ terminal, id, data }: Asked): Promise<Response> {
  return until(async () => {
    const response = await terminal.command('chatroom', data, id);
    return response.phrase === 'BUSY' ? null : response;
  }, 'an answer that is not BUSY');
}

const eventRow = z.object({ stream: z.string(), version: z.number(), metadata: z.string() });
const ofCommand = z.object({ commandId: z.string() });

/** The streams that each command wrote to, by command id. */
async function recorded(home: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const reader = openSqliteReader(join(home, 'tracker.db'));
  const rows = await reader.all("SELECT stream, version, metadata FROM events WHERE stream LIKE 'room-%'");
  reader.close();
  const streams = new Map<string, Set<string>>();
  for (const row of rows) {
    const { stream, metadata } = eventRow.parse(row);
    const { commandId } = ofCommand.parse(JSON.parse(metadata));
    streams.set(commandId, (streams.get(commandId) ?? new Set()).add(stream));
  }
  return streams;
}

test(`two trackers: given ${COMMANDS} commands at once on ${ROOMS.length} rooms (seed ${SEED}), then each is answered, and log and tables agree`, async (t) => {
  t.timeout(300_000);
  const tracker = await openTracker(t);
  const people: Terminal[] = [];
  for (let n = 0; n < PEOPLE; n += 1) people.push(await enter(t, tracker, `person-${n}`));
  await startHelper(t, 'hold-tracker', [tracker.home, tracker.broker.url]);
  const [ann] = people;
  if (ann === undefined) throw new Error('nobody is there');
  const seen = new Set<string>();
  // The second tracker answers every People request with `UNAVAILABLE`. Once that answer appears, both trackers serve requests.
  await until(async () => {
    seen.add((await ann.command('people', { operation: 'LIST' })).phrase);
    return seen.size === 2;
  }, 'both answer');
  t.deepEqual([...seen].toSorted(), ['PEOPLE_LISTED', 'UNAVAILABLE']);

  const startedMs = performance.now();
  const asked = commands(people, SEED);
  const answers = await Promise.all(asked.map(answered));
  const tookMs = performance.now() - startedMs;
  const inLog = await recorded(tracker.home);
  let done = 0;
  for (const [index, { status, phrase }] of answers.entries()) {
    const { id, data } = asked[index] ?? {};
    t.not(Math.floor(status / 100), 5, `${phrase} to ${JSON.stringify(data)}`);
    const streams = inLog.get(id ?? '')?.size ?? 0;
    t.true(isSuccess(status) ? streams <= 1 : streams === 0, `${phrase} to ${JSON.stringify(data)}`);
    done += streams;
  }
  t.true(done > COMMANDS / 100, `${done} commands were done`);
  t.log(`${done} of ${COMMANDS} were done, in ${Math.round(tookMs)} ms`);

  const again = await Promise.all(asked.slice(0, 100).map(answered));
  t.deepEqual(
    again.filter(({ status }, index) => isSuccess(answers[index]?.status ?? 201) && !isSuccess(status)),
    [],
    'a retry has the same result on either tracker',
  );
  const migrations = trackerMigrations.map((migration) => new migration().name ?? '');
  const proof = await withHome({ home: tracker.home, migrations, access: 'look' }, (home) =>
    verifyHome(home, () => undefined),
  );
  t.is(proof.kind, 'intact', JSON.stringify(proof));
});
