// A tracker fixture with people and a room, on which the operator acts. Ann leads the lobby; Ben and Cat are members, Dan is not.
import type { ExecutionContext } from 'ava';
import { administer, type Administered } from '../../../admin/administration/administration.js';
import type { OperatorParts } from '../../../admin/administration/operation.js';
import type { Task } from '../../../admin/administration/tasks.js';
import { systemIds } from '../../../core/ids.js';
import { trackerMigrations } from '../../../migrations/tracker/all.js';
import { openTrackerFixture } from '../../actors/tracker-fixture.js';
import { homeOf } from '../histories.js';

export async function openScene(t: ExecutionContext) {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  const ben = await fixture.enrolled('Ben');
  const cat = await fixture.enrolled('Cat');
  const dan = await fixture.enrolled('Dan');
  await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'lobby' });
  for (const member of [ben, cat]) await fixture.ask.rooms(member, { operation: 'JOIN', name: 'lobby' });
  const home = homeOf(t, fixture);
  const parts: OperatorParts = { home, migrations: trackerMigrations, clock: fixture.clock, ids: systemIds };
  const act = (task: Task, isDryRun = false): Promise<Administered> => administer(parts, task, isDryRun);
  return { fixture, home, parts, act, people: { ann, ben, cat, dan } };
}

/** The events of a result with the names of their accounts, such as `MemberRemoved Ben`. */
export function recordedIn({ events, people }: Administered): readonly string[] {
  const names = new Map<string, string>(people.map(({ account, username }) => [account, username]));
  return events.map(({ type, payload }) => {
    const account = payload['account'];
    return `${type} ${typeof account === 'string' ? (names.get(account) ?? account) : ''}`;
  });
}
