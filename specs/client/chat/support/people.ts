// What the tracker of these specs answers about people.
import type { AccountId, DeviceId } from '../../../../core/ids.js';
import type { Json } from '../../../../core/json.js';
import type { Answer } from '../../../../core/protocol/envelope.js';
import {
  type PresenceState,
  type PrivacyChoice,
  peopleOperationSchema,
} from '../../../../core/protocol/operations.js';
import type { Person } from '../../../../core/protocol/signed/statements.js';
import type { Client } from './client.js';

/** What it knows of people. */
interface Registry {
  readonly reflectorPorts: readonly number[];
  readonly clients: ReadonlyMap<DeviceId, Client>;
  readonly blocks: Map<AccountId, Set<AccountId>>;
  /** Of each account that gives its addresses to contacts only: who they are. */
  readonly contacts: Map<AccountId, Set<AccountId>>;
  readonly states: Map<DeviceId, PresenceState>;
  person(username: string): Person;
  named(account: AccountId): Person;
}

function choosePrivacy({ contacts }: Registry, account: AccountId, choice?: PrivacyChoice) {
  if (choice === 'open') contacts.delete(account);
  if (choice === 'contacts' && !contacts.has(account)) contacts.set(account, new Set());
  return contacts.has(account) ? { privacy: 'contacts', since: 1 } : { privacy: 'open', since: null };
}

export function answerPeople(tracker: Registry, data: Json, client: Client): Answer {
  const operation = peopleOperationSchema.parse(data);
  const { account } = client.person;
  const blocked = tracker.blocks.get(account) ?? new Set();
  tracker.blocks.set(account, blocked);
  const list = () => ({ blocks: [...blocked].map((one) => ({ ...tracker.named(one) })) });
  switch (operation.operation) {
    case 'ANNOUNCE': {
      client.addresses = operation.addresses;
      const ports = [...tracker.reflectorPorts];
      return { phrase: 'ADDRESSES_ANNOUNCED', ...(ports.length > 0 && { data: { reflector: { ports } } }) };
    }
    case 'STATE':
      tracker.states.set(client.device, operation.state);
      return { phrase: 'STATE_NOTED' };
    case 'LEAVE':
      return { phrase: 'LEAVE_NOTED' };
    case 'BLOCKS':
      return { phrase: 'BLOCKS_LISTED', data: list() };
    case 'BLOCK':
      blocked.add(tracker.person(operation.username).account);
      return { phrase: 'USER_BLOCKED', data: list() };
    case 'UNBLOCK':
      blocked.delete(tracker.person(operation.username).account);
      return { phrase: 'USER_UNBLOCKED', data: list() };
    case 'PRIVACY':
      return { phrase: 'PRIVACY_CHOSEN', data: choosePrivacy(tracker, account, operation.choice) };
    case 'ACCEPT': {
      const known = tracker.contacts.get(account);
      const accepted = operation.accounts.filter((one) => known?.has(one) === false);
      for (const one of accepted) known?.add(one);
      return { phrase: 'CONTACTS_NOTED', data: { accepted } };
    }
    case 'LIST': {
      const online = [...tracker.clients.values()].filter(({ isOnline }) => isOnline);
      const people = online.map(({ person, device }) => ({
        ...person,
        state: tracker.states.get(device) ?? 'online',
      }));
      return { phrase: 'PEOPLE_LISTED', data: { people } };
    }
  }
}
