// The bus over nats.js. Only this file and its parts (authenticator, failure, status) use nats.js.
import {
  type ConnectionOptions,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
  headers as newHeaders,
  type RequestOptions,
  RequestStrategy,
  type ServerInfo,
  type Subscription,
} from 'nats';
import { invariant, messageOf } from '../../errors.js';
import type { Log } from '../../log.js';
import { keepAliveSchedule, type Schedule } from '../../time/clock.js';
import { authenticator } from '../credentials/authenticator.js';
import type {
  Asking,
  Bus,
  BusInfo,
  BusMessage,
  BusSubscription,
  ConnectionEnds,
  Headers,
  Patience,
} from '../bus.js';
import type { Credentials } from '../credentials/credentials.js';
import { endsOf } from './ends.js';
import { BusError, disconnected, failureOf } from './failure.js';
import { ConnectionStatus } from './connection-status.js';
import { type PinnedServers, type PinnedTls, pinnedTls, trusted } from './pin.js';
import { type BusEvent, createEventReader } from './bus-event.js';
import { connectTransport } from './transport.js';

export interface BusOptions {
  /** `nats://host:port`, one or more. */
  readonly servers: string | readonly string[];
  /**
   * The pin of the key that every server must have (see `pinOf`); all traffic is then encrypted. Without a pin, the broker
   * decides whether TLS is used.
   */
  readonly pin?: string | undefined;
  /** Read at each connect, so a renewed JWT applies from the next connect on. */
  readonly credentials: Credentials;
  /** The prefix of the subjects for replies. The client must be allowed to subscribe below it. */
  readonly inboxPrefix: string;
  /** The client's name for the broker's operator. */
  readonly name: string;
  readonly log: Log;
  /** The timers for the limit on how long a server may take to show its certificate; default: the system's timers. */
  readonly schedule?: Schedule;
  /** Called for each change after the first connect, before the listeners of `Bus.onStatus`. */
  readonly onStatus?: (status: BusEvent) => void;
}

const CONNECT_TIMEOUT_MS = 5_000;
// A client notices a silent broker within 6 to 9 s. The broker notices a silent client within the same time.
const PING_INTERVAL_MS = 3_000;
const PINGS_OUT = 2;
// The jitter keeps clients from reconnecting at the same moment. A client is back within seconds after the broker.
const RECONNECT_WAIT_MS = 250;
const RECONNECT_JITTER_MS = 750;
const QUIET_MS = 300;

/**
 * Connects once: throws a `BusError` (`unauthorized`, `untrusted`, `disconnected`, `timeout`) if the first connect fails. Later
 * the client reconnects by itself until the bus is closed, even after its JWT has expired or was refused.
 */
export async function connectBus(options: BusOptions): Promise<Bus> {
  const pinned = pinnedServers(options);
  const tls = pinned && (await pinnedTls(pinned));
  try {
    return new NatsBus(await connectTransport(natsOptions(options, tls)), options, tls);
  } catch (error) {
    const failure = failureOf(error, 'connecting to the broker');
    if (failure instanceof BusError) throw failure;
    const why = error === undefined ? 'it closed the connection' : messageOf(error);
    throw new BusError('disconnected', `connecting to the broker: ${why}`, { cause: error });
  }
}

const serverList = (servers: BusOptions['servers']): readonly string[] =>
  typeof servers === 'string' ? [servers] : servers;

function pinnedServers({
  servers,
  pin,
  schedule = keepAliveSchedule,
}: BusOptions): PinnedServers | undefined {
  return pin === undefined
    ? undefined
    : { servers: serverList(servers), pin, timeoutMs: CONNECT_TIMEOUT_MS, schedule };
}

function natsOptions(
  { servers, credentials, inboxPrefix, name }: BusOptions,
  tls: PinnedTls | undefined,
): ConnectionOptions {
  return {
    servers: [...serverList(servers)],
    ...(tls && { tls }),
    authenticator: authenticator(credentials),
    inboxPrefix,
    name,
    timeout: CONNECT_TIMEOUT_MS,
    pingInterval: PING_INTERVAL_MS,
    maxPingOut: PINGS_OUT,
    reconnectTimeWait: RECONNECT_WAIT_MS,
    reconnectJitter: RECONNECT_JITTER_MS,
    maxReconnectAttempts: -1,
    // Without this, two refusals in a row close the connection permanently. A JWT that expires during a long sleep causes two
    // refusals.
    ignoreAuthErrorAbort: true,
    noAsyncTraces: true,
  };
}

function linesOf(headers: Headers): MsgHdrs {
  const lines = newHeaders();
  for (const [name, value] of Object.entries(headers)) lines.set(name, value);
  return lines;
}

class NatsBus implements Bus {
  #server: ServerInfo;
  #ends: ConnectionEnds | null;
  readonly #connectionStatus: ConnectionStatus;

  constructor(
    private readonly nats: NatsConnection,
    private readonly options: BusOptions,
    private readonly tls: PinnedTls | undefined,
  ) {
    invariant(nats.info, 'a connected client knows its server');
    this.#server = nats.info;
    this.#ends = endsOf(nats);
    this.#connectionStatus = new ConnectionStatus(options.log);
    if (options.onStatus) this.#connectionStatus.listen(options.onStatus);
    void this.#follow();
    void this.#end();
  }

  get info(): BusInfo {
    const { version, client_ip, host, port, max_payload } = (this.#server = this.nats.info ?? this.#server);
    return { serverVersion: version, clientIp: client_ip, host, port, maxPayload: max_payload };
  }

  get ends(): ConnectionEnds | null {
    return this.#ends;
  }

  get isConnected(): boolean {
    return this.#connectionStatus.isConnected;
  }

  request(subject: string, data: Uint8Array, { timeoutMs, headers }: Asking): Promise<Uint8Array> {
    const options: RequestOptions = { timeout: timeoutMs };
    if (headers !== undefined) options.headers = linesOf(headers);
    return this.#send(subject, data, async () => {
      const { data: answer } = await this.nats.request(subject, data, options);
      return answer;
    });
  }

  gather(subject: string, data: Uint8Array, { timeoutMs }: Patience): Promise<readonly Uint8Array[]> {
    return this.#send(subject, data, async () => {
      const strategy = { strategy: RequestStrategy.JitterTimer, jitter: QUIET_MS, maxWait: timeoutMs };
      const answers: Uint8Array[] = [];
      const messages = await this.nats.requestMany(subject, data, strategy);
      for await (const message of messages) answers.push(message.data);
      if (answers.length === 0) throw new BusError('timeout', `${subject}: no answer in time`);
      return answers;
    });
  }

  publish(subject: string, data: Uint8Array, headers?: Headers): void {
    this.#check(subject, data);
    try {
      this.nats.publish(subject, data, headers && { headers: linesOf(headers) });
    } catch (error) {
      throw failureOf(error, subject);
    }
  }

  subscribe(
    subject: string,
    handler: (message: BusMessage) => void | Promise<void>,
    options: { readonly queue?: string } = {},
  ): BusSubscription {
    const { log } = this.options;
    const deliver = async ({ subject, data, reply }: Msg): Promise<void> => {
      try {
        await handler(reply ? { subject, data, reply } : { subject, data });
      } catch (error) {
        log.error({ err: error, subject }, 'a message could not be handled');
      }
    };
    let subscription: Subscription;
    try {
      subscription = this.nats.subscribe(subject, {
        ...options,
        callback: (error, message) => {
          if (error) log.warn({ subject, reason: error.message }, 'a subscription was refused');
          else void deliver(message);
        },
      });
    } catch (error) {
      throw failureOf(error, subject);
    }
    return { drain: () => subscription.drain(), unsubscribe: () => subscription.unsubscribe() };
  }

  onStatus(listener: (status: BusEvent) => void): () => void {
    return this.#connectionStatus.listen(listener);
  }

  flush(): Promise<void> {
    return this.#connectionStatus.whileConnected('flush', () => this.nats.flush());
  }

  async reconnect(): Promise<void> {
    if (this.nats.isClosed()) throw disconnected('reconnect');
    await Promise.all([this.#connectionStatus.nextConnect(), this.nats.reconnect()]);
  }

  async drain(): Promise<void> {
    // Without a connection nats.js would wait for one, although nothing is to be drained.
    if (this.isConnected) await this.nats.drain();
    await this.close();
  }

  async close(): Promise<void> {
    if (!this.nats.isClosed()) await this.nats.close();
  }

  #check(subject: string, data: Uint8Array): void {
    // nats.js buffers messages while disconnected and drops them at the next connect. An error at once is better than a lost message.
    if (!this.isConnected) throw disconnected(subject);
    const { maxPayload } = this.info;
    if (data.length > maxPayload) {
      throw new BusError(
        'too-large',
        `${subject}: ${data.length} bytes are more than the ${maxPayload} allowed`,
      );
    }
  }

  async #send<T>(subject: string, data: Uint8Array, work: () => Promise<T>): Promise<T> {
    this.#check(subject, data);
    return this.#connectionStatus.whileConnected(subject, work);
  }

  async #follow(): Promise<void> {
    const read = createEventReader();
    for await (const raw of this.nats.status()) {
      const status = read(raw);
      if (status?.type === 'connected') this.#ends = endsOf(this.nats);
      if (status?.type === 'reconnecting') void this.#renewTrust();
      if (status) this.#connectionStatus.note(status);
    }
  }

  /** The certificate may have been renewed, with the same key, while the broker was away. */
  async #renewTrust(): Promise<void> {
    const { log } = this.options;
    const pinned = pinnedServers(this.options);
    if (this.tls === undefined || pinned === undefined) return;
    try {
      this.tls.ca = await trusted(pinned);
    } catch (error) {
      if (!(error instanceof BusError)) throw error;
      const isImpostor = error.kind === 'untrusted';
      log[isImpostor ? 'warn' : 'debug'](
        { reason: error.message },
        "the broker's certificate was not renewed",
      );
    }
  }

  async #end(): Promise<void> {
    const error = await this.nats.closed();
    this.#connectionStatus.note(error ? { type: 'closed', reason: error.message } : { type: 'closed' });
  }
}
