// A disk that is full or fails, at each statement in turn. The command is refused as UNAVAILABLE, no acknowledged
// command is lost, and a repeated command takes effect once. Nothing needs repair.
import test, { type ExecutionContext } from 'ava';
import type { Hasher } from '../../actors/passwords/hasher.js';
import type { CommandId } from '../../core/ids.js';
import { isSuccess } from '../../core/protocol/status.js';
import {
  type LocalEndpoints,
  newDevice,
  openLocalEndpoints,
  enrolledDeviceIn,
} from '../actors/local-endpoints.js';
import { openTrackerFixture } from '../actors/tracker-fixture.js';
import { isHeadSigned } from '../core/events/samples.js';
import type { Letter } from '../support/device.js';
import { counted } from './support/seeded-random.js';
import { type Disk, FAULTS, openDisk } from './support/disk.js';
import { auditDatabase } from './support/accepted-messages.js';

/** A round has more statements than this. */
const STATEMENTS = 200;
const PLACES = counted('DISK_FAULTS', { usual: 20, soak: STATEMENTS });
const GONE_TRIES = 3;
const FULL_TRIES = 20;
const MOST_ROOMS = 1_000;

/** Password hashing is not under test, so it is cheap. */
const cheap: Hasher = {
  hash: async (password) => `hash of ${password}`,
  matches: async (password, hash) => hash === `hash of ${password}`,
  isOutdated: () => false,
  close: async () => undefined,
};

type Send = (letter: Letter) => ReturnType<Letter['send']>;

/** Sends commands of all kinds, by new people in new rooms. Commands in one list are sent at once. */
async function round(endpoints: LocalEndpoints, name: string, send: Send): Promise<void> {
  const devices = Array.from({ length: 4 }, newDevice);
  const guests = devices.map((device, index) =>
    endpoints.authenticate(device, 'register', `${name}-${'abcd'.charAt(index)}`),
  );
  const people = [];
  for (const guest of guests) people.push(enrolledDeviceIn(await send(guest)));
  const [ann, ...others] = people;
  if (ann === undefined) throw new RangeError('nobody is there');
  const room = (operation: string, caller: typeof ann) =>
    endpoints.command(caller, 'chatroom', { operation, name });

  await send(room('CREATE', ann));
  await Promise.all(others.map((other) => send(room('JOIN', other))));
  const second = enrolledDeviceIn(await send(endpoints.authenticate(newDevice(), 'login', `${name}-a`)));
  for (const topic of ['tea', 'cake', '']) {
    await send(endpoints.command(second, 'chatroom', { operation: 'TOPIC', name, topic }));
  }
  await send(room('QUIT', second));
  for (const other of others) await send(room('QUIT', other));
  await send(room('CREATE', ann));
  await send(room('QUIT', ann));
}

interface Tally {
  readonly acknowledged: Set<CommandId>;
  unavailable: number;
}

/** Sends a command until it succeeds: once, unless the disk fails. */
async function persist(t: ExecutionContext, disk: Disk, tally: Tally, letter: Letter) {
  for (let tries = 1; ; tries += 1) {
    const answer = await letter.send();
    if (isSuccess(answer.status)) {
      tally.acknowledged.add(letter.id);
      return answer;
    }
    tally.unavailable += 1;
    const why = `${letter.id}: ${answer.message} (${disk.failed()})`;
    t.like(answer, { status: 501, phrase: 'UNAVAILABLE' }, why);
    t.not(disk.failed(), null, why);
    if (answer.phrase !== 'UNAVAILABLE') throw new Error(why);
    if (tries === GONE_TRIES) disk.mend();
  }
}

/** A tracker fixture on a disk that can be made to fail, and its endpoints. */
async function openScene(t: ExecutionContext) {
  const made: ReturnType<typeof openDisk>[] = [];
  const fixture = await openTrackerFixture(t, {
    hasher: cheap,
    writeConnection: (file) => {
      const disk = openDisk(file);
      made.push(disk);
      return disk.writeConnection;
    },
  });
  const [disk] = made;
  if (disk === undefined) throw new RangeError('the fixture has no disk');
  t.teardown(() => disk.close());
  return { disk, file: fixture.file, endpoints: openLocalEndpoints(fixture) };
}

/** Audits the log: every acknowledged command must be in exactly one stream, and no other command in the log. */
async function auditCommands(t: ExecutionContext, file: string, { acknowledged }: Tally): Promise<void> {
  const streams = new Map<string, Set<string>>();
  for (const { metadata, stream } of await auditDatabase(t, file, isHeadSigned)) {
    streams.set(metadata.commandId, (streams.get(metadata.commandId) ?? new Set()).add(stream));
  }
  for (const id of acknowledged) t.is(streams.get(id)?.size, 1, `${id} is in the log exactly once`);
  t.is(streams.size, acknowledged.size, 'the log holds nothing else');
}

for (const [shift, fault] of FAULTS.entries()) {
  test(`faults: given a disk that fails ("${fault}") at ${PLACES} of the first ${STATEMENTS} statements, then commands are UNAVAILABLE until it works, and none is lost or done twice`, async (t) => {
    t.timeout(60_000 + PLACES * 1_000);
    const { disk, file, endpoints } = await openScene(t);
    const tally: Tally = { acknowledged: new Set(), unavailable: 0 };
    const statements = new Set<string>();
    for (let place = 0; place < PLACES; place += 1) {
      const nth = ((Math.floor((place * STATEMENTS) / PLACES) + shift) % STATEMENTS) + 1;
      disk.failAt(nth, fault);
      await round(endpoints, `n${place}`, (letter) => persist(t, disk, tally, letter));
      const failed = disk.failed();
      t.not(failed, null, `statement ${nth} was reached`);
      statements.add(failed ?? '');
      disk.mend();
    }
    t.true(tally.unavailable >= PLACES);
    await auditCommands(t, file, tally);
    t.log(`UNAVAILABLE ${tally.unavailable} times, at ${statements.size} different statements`);
  });
}

test('faults: given a database that may not grow, then commands are UNAVAILABLE until it may grow, and none is lost or done twice', async (t) => {
  const { disk, file, endpoints } = await openScene(t);
  const tally: Tally = { acknowledged: new Set(), unavailable: 0 };
  const send: Send = async (letter) => {
    const answer = await letter.send();
    if (isSuccess(answer.status)) tally.acknowledged.add(letter.id);
    return answer;
  };
  const ann = enrolledDeviceIn(await send(endpoints.authenticate(newDevice(), 'register', 'ann')));
  const room = (operation: string, name: string) =>
    endpoints.command(ann, 'chatroom', { operation, name: `room-${name}` });

  disk.fill();
  const refused: Letter[] = [];
  for (let count = 0; count < MOST_ROOMS && refused.length < FULL_TRIES; count += 1) {
    const create = room('CREATE', String(count));
    const answer = await send(create);
    if (isSuccess(answer.status)) await send(room('QUIT', String(count)));
    else {
      t.like(answer, { status: 501, phrase: 'UNAVAILABLE' });
      refused.push(create);
    }
  }
  t.is(refused.length, FULL_TRIES, 'the database was full');
  t.like(await endpoints.command(ann, 'chatroom', { operation: 'MEMBERS', name: 'none' }).send(), {
    phrase: 'ROOM_NOT_FOUND',
  });
  disk.mend();
  for (const letter of refused) t.like(await send(letter), { phrase: 'CREATION_S' });
  await auditCommands(t, file, tally);
});
