// The handlers of `People` and `PRIVATE` requests: presence, addresses, introductions, blocks and address privacy.
import type { AccountId } from '../../core/ids.js';
import type { Answer } from '../../core/protocol/envelope.js';
import { limits } from '../../core/protocol/limits.js';
import { foldName } from '../../core/protocol/names.js';
import {
  type PrivacyChoice,
  peopleOperationSchema,
  privateOperationSchema,
} from '../../core/protocol/operations.js';
import type { Person } from '../../core/protocol/signed/statements.js';
import type { Blocks } from '../contact/blocks.js';
import type { Caller } from '../caller.js';
import type { Introducer } from '../contact/introductions.js';
import type { PresenceRecorder } from '../presence/presence.js';
import type { Privacy } from '../contact/privacy.js';
import type { AnnouncedAddresses } from '../presence/announced-addresses.js';
import type { Directory } from '../projections/directory.js';
import { type Handler, parseData } from './handler.js';

export interface PeopleParts {
  readonly directory: Directory;
  readonly presence: Pick<PresenceRecorder, 'accounts' | 'stateOf' | 'isBot' | 'left' | 'setState'>;
  readonly announcedAddresses: AnnouncedAddresses;
  readonly introducer: Introducer;
  readonly blocks: Blocks;
  readonly privacy: Privacy;
  /** Notifies the devices of an account that its blocks have changed. */
  readonly onBlocks: (account: AccountId) => void;
  /** The ports of the reflector; empty if it does not run. */
  readonly reflectorPorts: readonly number[];
}

export function createPeopleHandler(parts: PeopleParts): Handler<3> {
  const { directory, presence, announcedAddresses, introducer, blocks, privacy, reflectorPorts } = parts;

  return async (caller, request) => {
    const parsed = parseData(peopleOperationSchema, request);
    if ('invalid' in parsed) return parsed.invalid;
    const operation = parsed.data;
    switch (operation.operation) {
      case 'ANNOUNCE':
        await announcedAddresses.announce(caller.device, operation.addresses);
        await introducer.welcome(caller);
        if (reflectorPorts.length === 0) return { phrase: 'ADDRESSES_ANNOUNCED' };
        return { phrase: 'ADDRESSES_ANNOUNCED', data: { reflector: { ports: [...reflectorPorts] } } };
      case 'STATE':
        presence.setState(caller, operation.state, operation.bot === true);
        return { phrase: 'STATE_NOTED' };
      case 'LEAVE':
        presence.left(caller);
        return { phrase: 'LEAVE_NOTED' };
      case 'LIST':
        return list(caller);
      case 'BLOCK':
      case 'UNBLOCK':
        return change(caller, operation.operation, operation.username);
      case 'BLOCKS':
        return { phrase: 'BLOCKS_LISTED', data: await blocked(caller) };
      case 'PRIVACY':
        return choosePrivacy(caller, operation.choice);
      case 'ACCEPT': {
        const accepted = await privacy.accept(caller.account, operation.accounts);
        return { phrase: 'CONTACTS_NOTED', data: { accepted: [...accepted] } };
      }
    }
  };

  /** Omits accounts that have blocked the caller: they appear offline to the caller. */
  async function list(caller: Caller): Promise<Answer<3>> {
    const hidden = await blocks.blockersOf(caller.account);
    const online = presence.accounts().filter((account) => !hidden.has(account));
    const people = await directory.people(online);
    const listed = byName([...people.values()]).slice(0, limits.listingMaxRows);
    return {
      phrase: 'PEOPLE_LISTED',
      data: {
        people: listed.map(({ account, username }) => ({
          account,
          username,
          state: presence.stateOf(account),
          ...(presence.isBot(account) && { bot: true }),
        })),
      },
    };
  }

  async function change(
    caller: Caller,
    operation: 'BLOCK' | 'UNBLOCK',
    username: string,
  ): Promise<Answer<3>> {
    const other = await directory.accountNamed(username);
    if (other === null) return { phrase: 'USERNAME_NOT_FOUND', message: `No account is named ${username}.` };
    if (other.id === caller.account)
      return { phrase: 'INVALID_COMMAND', message: 'You cannot block yourself.' };
    if (operation === 'UNBLOCK') await blocks.unblock(caller.account, other.id);
    else if ((await blocks.block(caller.account, other.id)) === 'too many') {
      return { phrase: 'TOO_MANY_BLOCKS' };
    }
    parts.onBlocks(caller.account);
    const data = await blocked(caller);
    if (operation === 'UNBLOCK') {
      return { phrase: 'USER_UNBLOCKED', message: `${other.username} is no longer blocked.`, data };
    }
    const message = `${other.username} is blocked. You have no contact with them until you use /unblock ${other.username}.`;
    return { phrase: 'USER_BLOCKED', message, data };
  }

  async function choosePrivacy({ account }: Caller, choice: PrivacyChoice | undefined): Promise<Answer<3>> {
    if (choice !== undefined) await privacy.choose(account, choice);
    const state = await privacy.of(account);
    const phrase = choice === undefined ? 'PRIVACY_TOLD' : 'PRIVACY_CHOSEN';
    return { phrase, message: PRIVACY_MEANS[state.privacy], data: state };
  }

  async function blocked({ account }: Caller) {
    const people = await directory.people(await blocks.blockedBy(account));
    return {
      blocks: byName([...people.values()]).map((person) => ({
        account: person.account,
        username: person.username,
      })),
    };
  }
}

export function createPrivateHandler({
  directory,
  introducer,
  blocks,
  privacy,
}: Pick<PeopleParts, 'directory' | 'introducer' | 'blocks' | 'privacy'>): Handler<3> {
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
    if (row === null) return { phrase: 'USERNAME_NOT_FOUND', message: `No account is named ${username}.` };
    if (row.id === caller.account)
      return { phrase: 'INVALID_COMMAND', message: 'You cannot start a private conversation with yourself.' };
    if ((await blocks.blockedBy(caller.account)).includes(row.id)) {
      return {
        phrase: 'USER_IS_BLOCKED',
        message: `You have blocked ${row.username}. Use /unblock ${row.username} first.`,
      };
    }
    const peer = { account: row.id, username: row.username };
    // An account that starts a conversation accepts the other account as a contact.
    await privacy.accept(caller.account, [row.id]);
    const introductions = await introduce([row.id]);
    const data = { introductions, peer };
    if (introductions.length === 0) return { phrase: 'USERNAME_OFFLINE', data };
    const phrase = 'PRIVATE_SESSION_INITIATED';
    const isStranger = (await privacy.strangersTo(caller.account, [row.id])).has(row.id);
    return isStranger ? { phrase, message: strangerTo(row.username), data } : { phrase, data };
  };
}

const PRIVACY_MEANS: Readonly<Record<PrivacyChoice, string>> = {
  open: 'The tracker gives your addresses to everyone who contacts you.',
  contacts:
    'The tracker gives your addresses only to people who share a room with you or to whom you have written. All other links go through the broker.',
};

const strangerTo = (username: string): string =>
  `${username} shares addresses only with people in a common room and with people they have written to. Until you are one of these people, the link goes through the broker.`;

/** Sorts by folded name. Names are ASCII, so the fast plain comparison is correct for the long list of everyone online. */
function byName(people: readonly Person[]): readonly Person[] {
  const folded = people.map((person) => ({ person, name: foldName(person.username) }));
  folded.sort((one, other) => (one.name < other.name ? -1 : 1));
  return folded.map(({ person }) => person);
}
