// A tracker in memory for specs: signs what a real one signs, tells those concerned, and can be made to misbehave.
import type { AccountId, DeviceId } from '../../../../core/ids.js';
import { accountIdSchema, commandIdSchema, systemIds } from '../../../../core/ids.js';
import type { Json } from '../../../../core/json.js';
import { generateSigningKey } from '../../../../core/keys.js';
import {
  type Answer,
  type Connection,
  familyOf,
  type Response,
  respond,
  responseSchema,
  type Title,
} from '../../../../core/protocol/envelope.js';
import { conversationIdSchema } from '../../../../core/protocol/message/message.js';
import { foldName } from '../../../../core/protocol/names.js';
import {
  type PresenceState,
  privateOperationSchema,
  roomOperationSchema,
  syncOperationSchema,
} from '../../../../core/protocol/operations.js';
import { type Signed, signStatement } from '../../../../core/protocol/signed/signed.js';
import type {
  Introduction,
  Notice,
  NoticeType,
  Person,
  Roster,
} from '../../../../core/protocol/signed/statements.js';
import type { Client } from './client.js';
import { introductionOf } from './introduction.js';
import { answerPeople } from './people.js';
import { renaming } from './renaming.js';
import type { TrackedRoom } from './tracked-room.js';

export class SpecTracker {
  /** Of its reflector; none where there is none. */
  reflectorPorts: readonly number[] = [];
  readonly key = generateSigningKey();
  readonly people = new Map<string, Person>();
  readonly clients = new Map<DeviceId, Client>();
  readonly rooms: TrackedRoom[] = [];
  /** What was asked, in order. */
  readonly asked: {
    readonly title: Title;
    readonly data: Json;
    readonly connection: Connection;
    readonly by: string;
  }[] = [];
  /** The names that accounts have given up, folded. */
  readonly formerly = new Map<AccountId, string[]>();
  /** How often anybody was renamed. */
  renamed = 0;
  /** Whom each account has blocked; and of each that gives its addresses to contacts only, who they are. */
  readonly blocks = new Map<AccountId, Set<AccountId>>();
  readonly contacts = new Map<AccountId, Set<AccountId>>();
  /** What devices say of their users. */
  readonly states = new Map<DeviceId, PresenceState>();
  /** While false, no request is answered. */
  isUp = true;
  /** How many notices one answer to a sync holds. */
  noticesPerSync = 1_000;
  /** Decides about each notice that is to be pushed; false keeps it back. */
  letsPass: (notice: Notice, to: Client) => boolean = () => true;

  person(username: string): Person {
    const known = this.people.get(foldName(username));
    const person = known ?? { account: accountIdSchema.parse(systemIds.next()), username };
    this.people.set(foldName(username), person);
    return person;
  }

  /** The person of an account, as it is called now. */
  named(account: AccountId): Person {
    const person = [...this.people.values()].find((one) => one.account === account);
    if (person === undefined) throw new Error(`no account ${account}`);
    return person;
  }

  /** Gives an account another name, and tells everybody who is online; gives the notice. */
  rename({ account }: Person, username: string): Notice {
    const { username: formerly } = this.named(account);
    this.renamed += 1;
    this.formerly.set(account, [...(this.formerly.get(account) ?? []), foldName(formerly)]);
    const person = { account, username, namedAt: this.renamed };
    this.people.delete(foldName(formerly));
    this.people.set(foldName(username), person);
    for (const room of this.rooms) {
      room.members = room.members.map((one) => (one.account === account ? { ...one, ...person } : one));
    }
    const notice = renaming(person, formerly, 2 + this.renamed);
    for (const client of this.clients.values()) {
      if (client.isOnline && this.letsPass(notice, client)) client.onNotice(this.sign('notice', notice));
    }
    return notice;
  }

  room(name: string): TrackedRoom {
    const room = this.rooms.find((one) => one.name === name && one.members.length > 0);
    if (room === undefined) throw new Error(`no room ${name}`);
    return room;
  }

  roster({ conversation, name, version, members }: TrackedRoom): Signed {
    const roster: Roster = { v: 1, conversation, name, version, topic: '', isPrivate: false, members };
    return signStatement(this.key, 'roster', roster);
  }

  sign(purpose: 'notice' | 'introduction', value: Notice | Introduction): Signed {
    return signStatement(this.key, purpose, value);
  }

  introduction(of: Client, to: DeviceId): Introduction {
    return introductionOf(this, of, to);
  }

  handle(title: Title, data: Json, client: Client, connection: Connection = 'TCP'): Response {
    this.asked.push({ title, data, connection, by: client.person.username });
    const request = { id: commandIdSchema.parse(systemIds.next()), connection };
    if (!this.isUp) return respond(request, 5, { phrase: 'UNAVAILABLE' });
    const answer = this.#answer(title, data, client);
    // As it would be after its way over the broker.
    return responseSchema.parse(JSON.parse(JSON.stringify(respond(request, familyOf(title), answer))));
  }

  #answer(title: Title, data: Json, client: Client): Answer {
    if (title === 'ChatRoom') return this.#room(data, client);
    if (title === 'People') return answerPeople(this, data, client);
    if (title === 'PRIVATE') return this.#private(data, client);
    return title === 'Sync' ? this.#sync(data, client) : { phrase: 'INVALID_COMMAND' };
  }

  #private(data: Json, client: Client): Answer {
    const operation = privateOperationSchema.parse(data);
    if ('accounts' in operation) {
      return { phrase: 'INTRODUCED', data: { introductions: this.#introduce(operation.accounts, client) } };
    }
    const peer = this.people.get(foldName(operation.username));
    if (peer === undefined) return { phrase: 'USERNAME_NOT_FOUND' };
    const introductions = this.#introduce([peer.account], client);
    const phrase = introductions.length > 0 ? 'PRIVATE_SESSION_INITIATED' : 'USERNAME_OFFLINE';
    return { phrase, data: { introductions, peer } };
  }

  #isBetween(one: AccountId, other: AccountId): boolean {
    return this.blocks.get(one)?.has(other) === true || this.blocks.get(other)?.has(one) === true;
  }

  #introduce(accounts: readonly AccountId[], client: Client): Signed[] {
    const others = [...this.clients.values()].filter(
      (one) =>
        one.isOnline &&
        one !== client &&
        accounts.includes(one.person.account) &&
        !this.#isBetween(one.person.account, client.person.account),
    );
    for (const other of others) {
      other.onIntroduction(this.sign('introduction', this.introduction(client, other.device)));
    }
    return others.map((other) => this.sign('introduction', this.introduction(other, client.device)));
  }

  #sync(data: Json, { person }: Client): Answer {
    const { versions } = syncOperationSchema.parse(data);
    const rooms = this.rooms.filter(
      (room) => versions[room.conversation] !== undefined || this.#isIn(room, person),
    );
    const notices: Signed[] = [];
    const rosters: Signed[] = [];
    for (const room of rooms) {
      const own = room.members.find(({ account }) => account === person.account);
      const known = versions[room.conversation] ?? (own?.joinedVersion ?? 1) - 1;
      const news = room.notices.filter(({ notice }) => notice.version > known);
      const told = news.filter(({ audience }) => audience.includes(person.account));
      notices.push(...told.map(({ notice }) => this.sign('notice', notice)));
      // As the real one: no roster where nothing has happened.
      const isSame = news.length === 0 && versions[room.conversation] !== undefined;
      if (own !== undefined && !isSame) rosters.push(this.roster(room));
    }
    const isCut = notices.length > this.noticesPerSync;
    return {
      phrase: 'SYNC_S',
      data: {
        rosters: isCut ? [] : rosters,
        notices: notices.slice(0, this.noticesPerSync),
        more: isCut,
      },
    };
  }

  #isIn({ members }: TrackedRoom, person: Person): boolean {
    return members.some(({ account }) => account === person.account);
  }

  #room(data: Json, { person }: Client): Answer {
    const operation = roomOperationSchema.parse(data);
    if (operation.operation === 'SEE') {
      const rooms = this.rooms
        .filter(({ members }) => members.length > 0)
        .map(({ name, members }) => ({
          name,
          members: members.length,
          topic: '',
          private: false,
          joined: members.some(({ account }) => account === person.account),
        }));
      return rooms.length === 0
        ? { phrase: 'NO_AVAILABLE_CHAT_ROOM' }
        : { phrase: 'ROOM_LISTED_S', data: { rooms } };
    }
    const folded = foldName(operation.name);
    const room = this.rooms.find(({ name, members }) => foldName(name) === folded && members.length > 0);
    const isMember = room?.members.some(({ account }) => account === person.account) ?? false;
    if (operation.operation === 'CREATE') {
      if (room !== undefined) return { phrase: 'ROOM_NAME_TAKEN' };
      return { phrase: 'CREATION_S', data: { roster: this.create(operation.name, person) } };
    }
    if (room === undefined) return { phrase: 'ROOM_NOT_FOUND' };
    switch (operation.operation) {
      case 'JOIN':
        if (isMember) return { phrase: 'ALREADY_MEMBER' };
        this.join(room, person);
        return { phrase: 'JOIN_S', data: { roster: this.roster(room) } };
      case 'QUIT':
        if (!isMember) return { phrase: 'NOT_A_MEMBER' };
        this.leave(room, person);
        return { phrase: 'QUIT_S', data: { conversation: room.conversation, name: room.name, next: null } };
      case 'MEMBERS': {
        const members = room.members.map(({ account, username, isAdmin, joinedVersion }) => ({
          username,
          admin: isAdmin,
          joined: String(joinedVersion),
          leads: null,
          online: [...this.clients.values()].some((one) => one.isOnline && one.person.account === account),
        }));
        return { phrase: 'MEMBERS_LISTED_S', data: { members, next: members[1]?.username ?? null } };
      }
      case 'REMOVE':
      case 'BAN':
      case 'UNBAN':
      case 'INVITE':
      case 'PROMOTE':
      case 'DEMOTE':
      case 'SUCCESSOR':
      case 'TOPIC':
        return { phrase: 'NOT_ADMIN' };
    }
  }

  create(name: string, person: Person): Signed {
    const conversation = conversationIdSchema.parse(`room-${systemIds.next()}`);
    const members = [{ ...person, isAdmin: true, joinedVersion: 1 }];
    const room: TrackedRoom = { conversation, name, version: 0, members, notices: [] };
    this.rooms.push(room);
    this.record(room, 'RoomCreated', person);
    return this.roster(room);
  }

  join(room: TrackedRoom, person: Person): void {
    const joinedVersion = room.version + 1;
    room.members = [...room.members, { ...person, isAdmin: false, joinedVersion }];
    this.record(room, 'MemberJoined', person);
  }

  leave(room: TrackedRoom, person: Person): void {
    const before = room.members.map(({ account }) => account);
    room.members = room.members.filter(({ account }) => account !== person.account);
    this.record(room, 'MemberLeft', person, before);
    const [eldest] = room.members;
    if (eldest === undefined) this.record(room, 'RoomClosed', person);
    if (eldest === undefined || room.members.some(({ isAdmin }) => isAdmin)) return;
    room.members = room.members.map((one) => ({ ...one, isAdmin: one === eldest }));
    this.record(room, 'AdminSucceeded', { account: eldest.account, username: eldest.username });
  }

  record(room: TrackedRoom, type: NoticeType, subject: Person, told: readonly AccountId[] = []): void {
    room.version += 1;
    const { conversation, name, version } = room;
    const notice: Notice = {
      v: 1,
      stream: conversation,
      version,
      type,
      room: { conversation, name },
      subject,
      by: null,
      reason: null,
      at: Date.now(),
    };
    const audience = [...new Set([subject.account, ...told, ...room.members.map(({ account }) => account)])];
    room.notices.push({ notice, audience });
    for (const client of this.clients.values()) {
      const isTold = client.isOnline && audience.includes(client.person.account);
      if (isTold && this.letsPass(notice, client)) client.onNotice(this.sign('notice', notice));
    }
  }
}
