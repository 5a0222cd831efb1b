// The tracker of the chat specs: the real handlers, notifier and endpoints over a database of their own, without a broker.
// A spec can hold back or alter requests, answers and notices.
import { z } from 'zod';
import type { Caller } from '../../../../actors/caller.js';
import { serveEndpoints } from '../../../../actors/endpoints.js';
import { runNotifier } from '../../../../actors/reactors/notifier.js';
import type { Bus } from '../../../../core/bus/bus.js';
import {
  blocksSubject,
  type CommandTopic,
  commandSubject,
  deviceInbox,
  introductionSubject,
  noticeSubject,
} from '../../../../core/bus/subjects.js';
import type { ReadSql } from '../../../../core/events/sql/sql.js';
import { commandIdSchema, type DeviceId, systemIds } from '../../../../core/ids.js';
import type { Json } from '../../../../core/json.js';
import type { SigningKey } from '../../../../core/keys.js';
import { silentLog } from '../../../../core/log.js';
import {
  type Connection,
  familyOf,
  makeRequest,
  type Request,
  type Response,
  respond,
  responseSchema,
  type Title,
} from '../../../../core/protocol/envelope.js';
import { type Candidate, candidateSchema } from '../../../../core/protocol/candidate.js';
import type { ConversationId } from '../../../../core/protocol/message/message.js';
import { type Signed, signStatement } from '../../../../core/protocol/signed/signed.js';
import type { Notice } from '../../../../core/protocol/signed/statements.js';
import { systemSchedule } from '../../../../core/time/clock.js';
import { composeTracker } from '../../../actors/tracker-fixture.js';
import type { Keeper } from '../../../support/keeper.js';
import { openLocalBus } from '../../../support/bus/local-bus.js';
import { createSetClock, type SetClock } from '../../../support/set-clock.js';
import { until } from '../../../support/until.js';
import { createNoticeLog, type NoticeLog } from './notice-log.js';
import { backUp, openTrackerDatabase } from './tracker-database.js';
import { User } from './user.js';
import { memoryStoppedStreams } from '../../../core/events/stopped-streams.js';

const TOPICS: Readonly<Partial<Record<Title, CommandTopic>>> = {
  Account: 'account',
  ChatRoom: 'chatroom',
  PRIVATE: 'private',
  People: 'people',
  Sync: 'sync',
};

/** A request of a terminal. */
interface Asked {
  readonly title: Title;
  readonly data: Json;
  readonly connection: Connection;
  readonly by: DeviceId;
}

export const requestOf = (title: Title, data: Json, connection: Connection = 'TCP'): Request =>
  makeRequest({ id: commandIdSchema.parse(systemIds.next()), title, data, connection });

/** A device's connection to the tracker. */
export interface DeviceConnection {
  /** Carries what the tracker pushes. */
  readonly bus: Bus;
  close(): void;
}

type Composed = ReturnType<typeof composeTracker>;

/** The database and the key of a tracker at one moment. */
export interface Backup {
  readonly file: string;
  readonly signing: SigningKey;
}

export class SpecTracker {
  /** Every request of a terminal, in order. */
  readonly asked: Asked[] = [];
  /** The time that the tracker gives in its answers. The tracker's rules use a separate clock. */
  readonly time: SetClock;
  /** While false, every request of a terminal is answered UNAVAILABLE. */
  isUp = true;
  /** Alters an answer on its way to a terminal. */
  alters: (title: Title, answer: Response) => Response = (_, answer) => answer;
  /** Decides whether a pushed notice reaches a device. */
  letsPass: (notice: Notice, to: DeviceId) => boolean = () => true;
  readonly #reads: ReadSql;
  readonly #composed: Composed;
  readonly #local: ReturnType<typeof openLocalBus>;
  readonly #log: NoticeLog;
  readonly #captured: Set<Signed[]>;
  readonly #file: string;

  private constructor(
    /** The ports of the reflector. A spec may add some. */
    readonly reflectorPorts: number[],
    reads: ReadSql,
    composed: Composed,
    local: ReturnType<typeof openLocalBus>,
    log: NoticeLog,
    captured: Set<Signed[]>,
    time: SetClock,
    file: string,
  ) {
    this.time = time;
    this.#file = file;
    this.#reads = reads;
    this.#composed = composed;
    this.#local = local;
    this.#log = log;
    this.#captured = captured;
  }

  /** Opens a tracker in `folder`; it ends with the spec. */
  static async open(t: Keeper, folder: string, from?: Backup): Promise<SpecTracker> {
    const { reads, connection, file } = await openTrackerDatabase(t, folder, from?.file);
    const local = openLocalBus();
    const reflectorPorts: number[] = [];
    const captured = new Set<Signed[]>();
    const time = createSetClock();
    const push = (subject: string, statement: object): void =>
      local.bus.publish(subject, Buffer.from(JSON.stringify(statement)));
    const composed = composeTracker(t, {
      reads,
      connection,
      ...(from && { signing: from.signing }),
      reflectorPorts,
      onIntroduction(account, introduction) {
        for (const into of captured) into.push(introduction);
        if (captured.size === 0) push(introductionSubject(account), introduction);
      },
      onBlocks: (account) => push(blocksSubject(account), {}),
    });
    const { store, directory, presence, signing, authentication, handlers, admission, writer } = composed;
    const log = createNoticeLog(store);
    const stopping = new AbortController();
    const notifying = runNotifier({
      store: log.store,
      checkpoints: { load: async () => 0, save: async () => undefined },
      directory,
      presence,
      signing,
      schedule: systemSchedule,
      log: silentLog,
      push(accounts, notice) {
        for (const account of accounts) push(noticeSubject(account), notice);
      },
      stopped: memoryStoppedStreams(),
      signal: stopping.signal,
    });
    const endpoints = serveEndpoints({
      bus: local.bus,
      guestBus: local.bus,
      clock: time,
      log: silentLog,
      directory,
      requests: admission.requests,
      authentication,
      handlers,
    });
    t.teardown(async () => {
      await endpoints.stop();
      stopping.abort();
      await notifying;
      await writer.drain();
    });
    return new SpecTracker(reflectorPorts, reads, composed, local, log, captured, time, file);
  }

  /** Copies the database as `partyline admin backup` does, or in another way. */
  async backup(file: string, copy: typeof backUp = backUp): Promise<Backup> {
    await this.#composed.writer.drain();
    copy(this.#file, file);
    return { file, signing: this.key };
  }

  get key(): SigningKey {
    return this.#composed.signing;
  }

  get host(): Composed['host'] {
    return this.#composed.host;
  }

  get clock(): Composed['clock'] {
    return this.#composed.clock;
  }

  /** Signs anything with the tracker's key. */
  sign(purpose: 'notice' | 'introduction', value: Json): Signed {
    return signStatement(this.key, purpose, value);
  }

  /** Answers a terminal, as far as the spec lets it. */
  async serve(by: Caller, title: Title, data: Json, connection: Connection): Promise<Response> {
    this.asked.push({ title, data, connection, by: by.device });
    if (this.isUp) return this.alters(title, await this.ask(by, title, data, connection));
    return respond(requestOf(title, data), familyOf(title), { phrase: 'UNAVAILABLE' });
  }

  /** Sends a request to the endpoints as bytes and parses the answer. */
  async ask(by: Caller, title: Title, data: Json, connection: Connection = 'TCP'): Promise<Response> {
    const topic = TOPICS[title];
    if (topic === undefined) throw new Error(`${title} is no request of a device that is logged in`);
    const request = requestOf(title, data, connection);
    const subject = commandSubject(by.account, by.device, topic);
    const reply = `${deviceInbox(by.device)}.${request.id}`;
    const answer = await this.#local.ask(subject, Buffer.from(JSON.stringify(request)), reply);
    return responseSchema.parse(JSON.parse(Buffer.from(answer).toString()));
  }

  /** Connects a device: it is online until the connection is closed. */
  connect(caller: Caller): DeviceConnection {
    const { presence } = this.#composed;
    const id = systemIds.next();
    const ends = new Set<() => void>([() => presence.gone(id)]);
    presence.connected({ id, ...caller });
    return {
      bus: {
        ...this.#local.bus,
        subscribe: (subject, handler) => {
          const subscription = this.#local.bus.subscribe(subject, handler);
          ends.add(() => subscription.unsubscribe());
          return subscription;
        },
      },
      close() {
        for (const end of ends) end();
        ends.clear();
      },
    };
  }

  /** Enrols a device in the account called `username`; makes the account if it does not exist. Enrol each device only once. */
  async enrol(username: string, device: DeviceId): Promise<User> {
    const { directory, enrolled, another } = this.#composed;
    const row = await directory.accountNamed(username);
    const caller =
      row === null ? await enrolled(username, device) : await another({ account: row.id }, device);
    return new User(this, caller, row?.username ?? username);
  }

  /** Somebody who asks without a terminal: the account of that name and its first device, made if absent. */
  async user(username: string, newDevice: () => DeviceId): Promise<User> {
    const { directory } = this.#composed;
    const row = await directory.accountNamed(username);
    const [first] = row === null ? [] : await directory.devicesOf(row.id);
    if (row === null || first === undefined) return this.enrol(username, newDevice());
    return new User(this, { account: row.id, device: first.device }, row.username);
  }

  /** The account that owns `device`, with its present name. */
  async ownerOf(device: DeviceId): Promise<User | null> {
    const { directory } = this.#composed;
    const account = await directory.ownerOf(device);
    const row = account === null ? null : await directory.account(account);
    return row === null ? null : new User(this, { account: row.id, device }, row.username);
  }

  /** The open room of that name. */
  async room(name: string): Promise<{ readonly conversation: ConversationId; readonly version: number }> {
    const row = await this.#composed.directory.openRoomNamed(name);
    if (row === null) throw new Error(`no open room is called ${name}`);
    return { conversation: row.id, version: row.version };
  }

  /** The addresses that a device announced last. */
  async addressesOf({ device }: Pick<Caller, 'device'>): Promise<readonly Candidate[]> {
    const row = await this.#reads.first('SELECT addresses FROM whereabouts WHERE device = ?', [device]);
    return z.array(candidateSchema).parse(JSON.parse(String(row?.['addresses'])));
  }

  /** The accounts that `account` has accepted as contacts. */
  async contactsOf({ account }: Pick<Caller, 'account'>): Promise<ReadonlySet<string>> {
    const rows = await this.#reads.all('SELECT accepted FROM contacts WHERE account = ?', [account]);
    return new Set(rows.map((row) => String(row['accepted'])));
  }

  /** Collects the introductions that `work` has the tracker push, in place of delivering them. */
  async captureIntroductions(work: () => Promise<unknown>): Promise<readonly Signed[]> {
    const into: Signed[] = [];
    this.#captured.add(into);
    try {
      await work();
    } finally {
      this.#captured.delete(into);
    }
    return into;
  }

  /** Resolves once the notices of all events in the log have been pushed. */
  async settled(): Promise<void> {
    const { position } = await this.#composed.store.head();
    await until(() => this.#log.handled() >= position, 'the notices of all events are pushed');
  }
}
