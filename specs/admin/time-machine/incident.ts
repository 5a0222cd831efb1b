// A home with the history of a small tracker: three rooms over ten days, with an incident in one of them. It is the same each time,
// except for ids.
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import Libsql from 'libsql';
import { openKeyring } from '../../../core/bus/credentials/keyring.js';
import { openTrackerFixture } from '../../actors/tracker-fixture.js';
import { temporaryFolder } from '../../support/folder.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PEOPLE = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi', 'mallory'] as const;
type Person = (typeof PEOPLE)[number];

/** Creates the home, and returns its folder. Its tracker is stopped. */
export async function incidentHome(t: ExecutionContext): Promise<string> {
  const fixture = await openTrackerFixture(t);
  const { clock, ask } = fixture;
  type Caller = Awaited<ReturnType<typeof fixture.enrolled>>;
  const callers = new Map<Person, Caller>();
  const callerOf = (who: Person): Caller => {
    const caller = callers.get(who);
    if (caller === undefined) throw new Error(`${who} is not enrolled`);
    return caller;
  };
  const rooms = (who: Person, operation: Parameters<typeof ask.rooms>[1], afterMs = 7 * 60_000) => {
    clock.advance(afterMs);
    return ask.rooms(callerOf(who), operation);
  };
  const joined = (name: string, ...people: readonly Person[]) =>
    people.reduce<Promise<unknown>>(
      (before, who) => before.then(() => rooms(who, { operation: 'JOIN', name })),
      Promise.resolve(),
    );
  for (const who of PEOPLE) {
    clock.advance(HOUR_MS);
    callers.set(who, await fixture.enrolled(who));
  }
  await rooms('alice', { operation: 'CREATE', name: 'lobby' });
  await joined('lobby', 'bob', 'carol', 'dave', 'erin');
  await rooms('alice', { operation: 'TOPIC', name: 'lobby', topic: 'What is new, and who needs a hand' });
  await rooms('bob', { operation: 'CREATE', name: 'dev' }, DAY_MS);
  await joined('dev', 'carol', 'dave', 'alice');
  await rooms('bob', { operation: 'TOPIC', name: 'dev', topic: 'The build and what breaks it' });
  await rooms('bob', { operation: 'PROMOTE', name: 'dev', username: 'carol' });
  await rooms('erin', { operation: 'CREATE', name: 'music', isPrivate: true }, 2 * DAY_MS);
  await rooms('erin', { operation: 'INVITE', name: 'music', username: 'grace' });
  await joined('music', 'grace');
  await joined('lobby', 'frank', 'grace', 'heidi', 'mallory');
  // The incident: mallory is promoted, removes people, and is banned.
  await rooms('alice', { operation: 'PROMOTE', name: 'lobby', username: 'mallory' }, 3 * DAY_MS);
  await rooms('mallory', { operation: 'REMOVE', name: 'lobby', username: 'frank', reason: 'because I can' });
  await rooms('mallory', { operation: 'BAN', name: 'lobby', username: 'dave', reason: 'too loud' });
  await rooms('mallory', { operation: 'TOPIC', name: 'lobby', topic: 'Mine now' });
  await rooms('alice', { operation: 'DEMOTE', name: 'lobby', username: 'mallory' });
  await rooms('alice', {
    operation: 'BAN',
    name: 'lobby',
    username: 'mallory',
    reason: 'took over the room',
  });
  await rooms('alice', { operation: 'UNBAN', name: 'lobby', username: 'dave' });
  await joined('lobby', 'dave', 'frank');
  await rooms('alice', { operation: 'SUCCESSOR', name: 'lobby', username: 'carol' }, HOUR_MS);
  await rooms('alice', { operation: 'QUIT', name: 'lobby' }, 4 * DAY_MS);
  await ask.account(callerOf('bob'), { operation: 'RENAME', username: 'robert' });
  await rooms('heidi', { operation: 'QUIT', name: 'lobby' });
  await rooms('carol', { operation: 'TOPIC', name: 'lobby', topic: 'Tea at five' });
  const home = await temporaryFolder(t);
  await openKeyring(home);
  const source = new Libsql(fixture.file);
  source.prepare('VACUUM INTO ?').run([join(home, 'tracker.db')]);
  source.close();
  return home;
}
