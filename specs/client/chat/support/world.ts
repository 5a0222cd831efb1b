// Terminals of one process around one tracker in memory: whole chats over real histories, with session and links faked.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import Emittery from 'emittery';
import { createChat } from '../../../../client/chat/chat.js';
import type { ChatEvents } from '../../../../client/chat/events.js';
import type { Chat } from '../../../../client/chat/port.js';
import { openHistory } from '../../../../client/history/history.js';
import type { History } from '../../../../client/history/port.js';
import { createLinks, type Links } from '../../../../client/links/links.js';
import { createTcpCarrier } from '../../../../client/links/tcp/tcp.js';
import type { Identity, Session, SessionEvents, SessionState } from '../../../../client/session/port.js';
import { publicNKey } from '../../../../core/bus/credentials/nkey.js';
import { systemClock, systemSchedule } from '../../../../core/time/clock.js';
import {
  type AccountId,
  commandIdSchema,
  type DeviceId,
  deviceIdSchema,
  systemIds,
} from '../../../../core/ids.js';
import type { Json } from '../../../../core/json.js';
import { generateSigningKey, type SigningKey } from '../../../../core/keys.js';
import { silentLog } from '../../../../core/log.js';
import { type Connection, type Response, respond, type Title } from '../../../../core/protocol/envelope.js';
import type { Signed } from '../../../../core/protocol/signed/signed.js';
import type { Person } from '../../../../core/protocol/signed/statements.js';
import { until } from '../../../support/until.js';
import type { Client } from './client.js';
import { SpecNet } from './net.js';
import { SpecTracker } from './tracker.js';

export const newDevice = (): DeviceId => deviceOf(generateSigningKey());

const deviceOf = (key: SigningKey): DeviceId => deviceIdSchema.parse(publicNKey('user', key.publicKey));

export type Told = { [K in keyof ChatEvents]: { readonly name: K } & ChatEvents[K] }[keyof ChatEvents];

/** One terminal's own part of the world; survives its restarts. */
interface Profile {
  readonly username: string;
  readonly device: DeviceId;
  readonly key: SigningKey;
  readonly file: string;
}

export interface Terminal extends Profile {
  readonly chat: Chat;
  readonly history: History;
  readonly session: SpecSession;
  readonly told: Told[];
  /** What it was told of one kind. */
  all<K extends keyof ChatEvents>(name: K): Extract<Told, { name: K }>[];
  /** Waits until it was told such a thing. */
  hears<K extends keyof ChatEvents>(
    name: K,
    like: Partial<ChatEvents[K]>,
  ): Promise<Extract<Told, { name: K }>>;
  /** Its machine has another address from now on. */
  move(ip: string): void;
  stop(): Promise<void>;
}

export class SpecSession implements Session, Client {
  readonly events = new Emittery<SessionEvents>();
  state: SessionState = { state: 'connecting', reason: 'starting' };
  addresses: Client['addresses'] = [];
  /** How often it was to make sure of its connection. */
  doubts = 0;
  /** What the chat has said its account is called. */
  name: string | null = null;

  constructor(
    private readonly tracker: SpecTracker,
    private readonly account: AccountId,
    readonly device: DeviceId,
  ) {
    tracker.clients.set(device, this);
  }

  get person(): Person {
    return this.tracker.named(this.account);
  }

  get identity(): Identity {
    return { ...this.person, username: this.name ?? this.person.username, device: this.device };
  }

  get trackerKey(): Buffer {
    return this.tracker.key.publicKey;
  }

  get isOnline(): boolean {
    return this.state.state === 'online';
  }

  onNotice(signed: Signed): void {
    void this.events.emit('notice', signed);
  }

  onIntroduction(signed: Signed): void {
    void this.events.emit('introduction', signed);
  }

  async become(state: SessionState['state'], reason = 'the spec says so'): Promise<void> {
    this.state = { state, reason };
    await this.events.emit('state', this.state);
  }

  async request(title: Title, data: Json, options: { connection?: Connection } = {}): Promise<Response> {
    await Promise.resolve();
    if (this.isOnline) return this.tracker.handle(title, data, this, options.connection ?? 'TCP');
    return respond({ id: commandIdSchema.parse(systemIds.next()), connection: 'TCP' }, 5, {
      phrase: 'UNAVAILABLE',
    });
  }

  async register(): Promise<Response> {
    return this.request('Registration', {});
  }

  async login(): Promise<Response> {
    return this.request('Login', {});
  }

  async logout(): Promise<Response> {
    return this.request('Account', {});
  }

  async brokerTrip(): Promise<number | null> {
    return this.isOnline ? 3 : null;
  }

  async changePassword(): Promise<Response> {
    return this.request('Account', {});
  }

  async called(username: string): Promise<void> {
    this.name = username;
  }

  recheck(): void {
    this.doubts += 1;
  }

  async close(): Promise<void> {
    this.state = { state: 'offline', reason: 'closed' };
    if (this.tracker.clients.get(this.device) === this) this.tracker.clients.delete(this.device);
  }
}

export interface World {
  readonly tracker: SpecTracker;
  readonly net: SpecNet;
  /** A terminal that is online, with a device of its own. */
  terminal(username: string): Promise<Terminal>;
  /** The same terminal anew, as after a crash when it was not stopped before. */
  restart(terminal: Terminal): Promise<Terminal>;
}

/** Links through memory, unless told to make them over TCP on loopback as they are in earnest. */
export function createWorld(t: ExecutionContext, carrier: 'memory' | 'tcp' = 'memory'): World {
  const folder = mkdtempSync(join(tmpdir(), 'partyline-chat-'));
  const tracker = new SpecTracker();
  const net = new SpecNet();
  const running = new Set<Terminal>();
  t.teardown(async () => {
    for (const terminal of running) await terminal.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(profile: Profile): Promise<Terminal> {
    const session = new SpecSession(tracker, tracker.person(profile.username).account, profile.device);
    const history = await openHistory({ file: profile.file, clock: systemClock });
    const movers = new Set<() => void>();
    const chat = await createChat({
      session,
      network: {
        onChanged(listener) {
          movers.add(listener);
          return () => movers.delete(listener);
        },
      },
      openLinks: carrier === 'memory' ? net.openLinks : () => openTcpLinks(profile.key),
      history,
      sign: (_, data) => profile.key.sign(data),
      clock: systemClock,
      schedule: systemSchedule,
      ids: systemIds,
      log: silentLog,
    });
    const told: Told[] = [];
    chat.events.onAny((name, data) => {
      told.push({ name, ...data } as Told);
    });
    const all: Terminal['all'] = (name) => told.filter((one) => one.name === name) as never;
    const terminal: Terminal = {
      ...profile,
      chat,
      history,
      session,
      told,
      all,
      hears: (name, like) =>
        until(
          () =>
            all(name).find((one) =>
              Object.entries(like).every(([key, value]) => Reflect.get(one, key) === value),
            ),
          `${profile.username} hears ${name} ${JSON.stringify(like)}; heard ${JSON.stringify(told)}`,
        ),
      move(ip) {
        net.end(profile.device).ip = ip;
        for (const tell of movers) tell();
      },
      async stop() {
        running.delete(terminal);
        await chat.close();
        await session.close();
        await history.close();
      },
    };
    running.add(terminal);
    await session.become('online');
    if (tracker.isUp) t.true(await chat.whenOnline(5_000), `${profile.username} is online`);
    return terminal;
  }

  return {
    tracker,
    net,
    terminal(username) {
      const key = generateSigningKey();
      return start({ username, key, device: deviceOf(key), file: join(folder, `${systemIds.next()}.db`) });
    },
    restart: ({ username, key, device, file }) => start({ username, key, device, file }),
  };
}

function openTcpLinks(key: SigningKey): Links {
  return createLinks({
    key,
    carriers: [createTcpCarrier({ host: '127.0.0.1', schedule: systemSchedule, log: silentLog })],
    clock: systemClock,
    schedule: systemSchedule,
    ids: systemIds,
    random: Math.random,
    log: silentLog,
  });
}
