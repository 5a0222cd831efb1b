// Seeded random histories of accounts and rooms in a tracker fixture, for the admin specs.
import type { ExecutionContext } from 'ava';
import type { AdminHome } from '../../admin/home.js';
import type { Caller } from '../../actors/caller.js';
import { openSqliteReader } from '../../core/events/sql/sqlite.js';
import type { TrackerFixture } from '../actors/tracker-fixture.js';
import { isHeadSigned, key, seals, signHead } from '../core/events/samples.js';
import { seededNumbers } from '../core/events/tampering.js';

const PEOPLE = 6;
const ROOMS = ['lobby', 'attic', 'cellar'];
const TABLES = ['accounts', 'devices', 'rooms', 'memberships'];

/** The fixture's files as an opened admin home. */
export function homeOf(t: ExecutionContext, { file }: TrackerFixture): AdminHome {
  const reader = openSqliteReader(file);
  t.teardown(() => reader.close());
  return { file, reader, isHeadSigned, signHead, seals, signing: key };
}

/** Runs `steps` random commands: most record events, some are refused. Returns the accounts. */
export async function live(fixture: TrackerFixture, seed: number, steps: number): Promise<readonly Caller[]> {
  const pick = seededNumbers(seed);
  const people: Caller[] = [];
  for (let count = 0; count < PEOPLE; count += 1) people.push(await fixture.enrolled(`person-${count}`));
  for (let step = 0; step < steps; step += 1) {
    const caller = people[pick(PEOPLE)];
    const name = ROOMS[pick(ROOMS.length)];
    if (caller === undefined || name === undefined) continue;
    fixture.clock.advance(1_000);
    const choice = pick(10);
    if (choice === 0) await fixture.ask.account(await fixture.another(caller), { operation: 'LOGOUT' });
    else if (choice < 4) await fixture.ask.rooms(caller, { operation: 'CREATE', name });
    else if (choice < 8) await fixture.ask.rooms(caller, { operation: 'JOIN', name });
    else await fixture.ask.rooms(caller, { operation: 'QUIT', name });
  }
  return people;
}

const ABOUT_MEMBERS = ['REMOVE', 'BAN', 'UNBAN', 'PROMOTE', 'DEMOTE', 'SUCCESSOR', 'INVITE'] as const;

/** Runs `steps` random commands of every kind: rooms that are led, moderated, left and closed, and accounts that are renamed. */
export async function moderated(fixture: TrackerFixture, seed: number, steps: number): Promise<void> {
  const pick = seededNumbers(seed);
  const people: Caller[] = [];
  const names: string[] = [];
  for (let count = 0; count < PEOPLE; count += 1) {
    names.push(`person-${count}`);
    people.push(await fixture.enrolled(`person-${count}`));
  }
  for (let step = 0; step < steps; step += 1) {
    const who = pick(PEOPLE);
    const caller = people[who];
    const name = ROOMS[pick(ROOMS.length)];
    const username = names[pick(PEOPLE)];
    const about = ABOUT_MEMBERS[pick(ABOUT_MEMBERS.length)];
    if (caller === undefined || name === undefined || username === undefined || about === undefined) continue;
    fixture.clock.advance(1_000);
    const choice = pick(12);
    if (choice === 0) {
      const next = `person-${who}-${step}`;
      const done = await fixture.ask.account(caller, { operation: 'RENAME', username: next });
      if (done.phrase === 'USERNAME_CHANGED') names[who] = next;
    } else if (choice === 1) {
      await fixture.ask.rooms(caller, { operation: 'TOPIC', name, topic: `topic ${step}` });
    } else if (choice < 4) {
      await fixture.ask.rooms(caller, { operation: 'CREATE', name, isPrivate: pick(2) === 0 });
    } else if (choice < 7) await fixture.ask.rooms(caller, { operation: 'JOIN', name });
    else if (choice === 7) await fixture.ask.rooms(caller, { operation: 'QUIT', name });
    else await fixture.ask.rooms(caller, { operation: about, name, username, reason: `reason ${step}` });
  }
}

/** All rows of the derived tables. */
export async function derivedRows({ database }: TrackerFixture): Promise<readonly unknown[]> {
  return Promise.all(TABLES.map((table) => database.reads.all(`SELECT * FROM ${table} ORDER BY 1, 2`)));
}
