// `People` and `PRIVATE`: who is online, where a device can be reached, and introductions.
import type { AccountId } from '../../core/ids.js';
import { limits } from '../../core/protocol/limits.js';
import { foldName } from '../../core/protocol/names.js';
import { peopleOperationSchema, privateOperationSchema } from '../../core/protocol/operations.js';
import type { Person } from '../../core/protocol/statements.js';
import type { Introducer } from '../introductions.js';
import type { Presence } from '../presence/presence.js';
import type { Whereabouts } from '../presence/whereabouts.js';
import type { Directory } from '../projections/directory.js';
import { type Handler, parseData } from './handler.js';

export interface PeopleParts {
  readonly directory: Directory;
  readonly presence: Presence;
  readonly whereabouts: Whereabouts;
  readonly introducer: Introducer;
  /** The ports of the reflector; none where there is none. */
  readonly reflectorPorts: readonly number[];
}

export function createPeopleHandler({
  directory,
  presence,
  whereabouts,
  introducer,
  reflectorPorts,
}: PeopleParts): Handler<3> {
  return async (caller, request) => {
    const parsed = parseData(peopleOperationSchema, request);
    if ('invalid' in parsed) return parsed.invalid;
    const operation = parsed.data;
    switch (operation.operation) {
      case 'ANNOUNCE':
        await whereabouts.announce(caller.device, operation.addresses);
        await introducer.welcome(caller);
        if (reflectorPorts.length === 0) return { phrase: 'ADDRESSES_ANNOUNCED' };
        return { phrase: 'ADDRESSES_ANNOUNCED', data: { reflector: { ports: [...reflectorPorts] } } };
      case 'LIST': {
        const people = await directory.people(presence.accounts());
        const listed = byName([...people.values()]).slice(0, limits.listingMaxRows);
        return {
          phrase: 'PEOPLE_LISTED',
          data: { people: listed.map(({ account, username }) => ({ account, username, state: 'online' })) },
        };
      }
    }
  };
}

export function createPrivateHandler({
  directory,
  introducer,
}: Pick<PeopleParts, 'directory' | 'introducer'>): Handler<3> {
  return async (caller, request) => {
    const parsed = parseData(privateOperationSchema, request);
    if ('invalid' in parsed) return parsed.invalid;
    const introduce = (accounts: readonly AccountId[]) =>
      introducer.introduce(caller, accounts, request.connection);

    if ('accounts' in parsed.data) {
      return { phrase: 'INTRODUCED', data: { introductions: await introduce(parsed.data.accounts) } };
    }
    const { username } = parsed.data;
    const row = await directory.accountNamed(username);
    if (row === null) return { phrase: 'USERNAME_NOT_FOUND', message: `Nobody is called ${username}.` };
    if (row.id === caller.account) return { phrase: 'INVALID_COMMAND', message: 'That is you.' };
    const peer = { account: row.id, username: row.username };
    const introductions = await introduce([row.id]);
    const phrase = introductions.length === 0 ? 'USERNAME_OFFLINE' : 'PRIVATE_SESSION_INITIATED';
    return { phrase, data: { introductions, peer } };
  };
}

/** Names are ASCII: plain comparison orders them, and everyone online is compared each time. */
function byName(people: readonly Person[]): readonly Person[] {
  const folded = people.map((person) => ({ person, name: foldName(person.username) }));
  folded.sort((one, other) => (one.name < other.name ? -1 : 1));
  return folded.map(({ person }) => person);
}
