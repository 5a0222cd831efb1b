// The devices that are connected to the broker, as the broker reports them. It does not derive presence.
import pLimit from 'p-limit';
import type { DeviceId } from '../ids.js';
import type { Log } from '../log.js';
import type { Schedule } from '../time/clock.js';
import type { Bus } from './bus.js';
import {
  type Change,
  type Clients,
  CONNECTION_EVENTS,
  type Connection,
  type ConnectionEvent,
  kick,
  listConnections,
  readChange,
} from './connections.js';

export interface WatchOptions {
  /** Public nkey of the account whose connections count. */
  readonly account: string;
  /** The clients to watch; devices by default. */
  readonly clients?: Clients;
  readonly onConnect: (connection: Connection) => void;
  /** `isStale`: the broker closed the connection because the client had been silent for seconds. */
  readonly onDisconnect: (connection: Connection, isStale: boolean) => void;
  readonly log: Log;
  readonly schedule: Schedule;
  /** The number of connections per page of the listing. */
  readonly pageSize?: number;
}

export interface ConnectionWatch {
  /** Compares the known connections with the broker's list and reports the difference. */
  reconcile(): Promise<void>;
  /**
   * Ends the connections of `device` that started at or before `time` (milliseconds since the epoch), if the broker
   * supports it.
   */
  kick(device: DeviceId, time: number): void;
  stop(): void;
}

const PAGE_SIZE = 1_024;
const RETRY_MS = 1_000;

/**
 * Reports the connected devices of `account`, then each connect and disconnect, in order and once each. `system` is a
 * connection of the system account. After each of its reconnects the full list is compared again, to find missed
 * changes. Throws a `BusError` if the broker does not answer the first time.
 */
export async function watchConnections(system: Bus, options: WatchOptions): Promise<ConnectionWatch> {
  const watch = new Watch(system, options);
  await watch.start();
  return watch;
}

class Watch implements ConnectionWatch {
  readonly #known = new Map<string, Connection>();
  /** Changes that arrive during a comparison; they are newer than the broker's list. */
  #meanwhile: Change[] | undefined;
  readonly #inTurn = pLimit(1);
  #cancelRetry: () => void = () => {};
  readonly #endings: (() => void)[] = [];

  constructor(
    private readonly system: Bus,
    private readonly options: WatchOptions,
  ) {}

  async start(): Promise<void> {
    const { account } = this.options;
    for (const kind of CONNECTION_EVENTS) {
      const subject = `$SYS.ACCOUNT.${account}.${kind}`;
      const subscription = this.system.subscribe(subject, ({ data }) => this.#onEvent(kind, data));
      this.#endings.push(() => subscription.unsubscribe());
    }
    try {
      await this.reconcile();
    } catch (error) {
      this.stop();
      throw error;
    }
    this.#endings.push(
      this.system.onStatus(({ type }) => {
        if (type === 'connected') void this.#reconcileUntilDone();
      }),
    );
  }

  /** Runs one comparison at a time, in the order requested. */
  reconcile(): Promise<void> {
    return this.#inTurn(() => this.#compare());
  }

  kick(device: DeviceId, time: number): void {
    for (const connection of this.#known.values()) {
      if (connection.device === device && connection.since <= time) kick(this.system, connection);
    }
  }

  stop(): void {
    this.#cancelRetry();
    for (const end of this.#endings.splice(0)) end();
  }

  async #reconcileUntilDone(): Promise<void> {
    this.#cancelRetry();
    try {
      await this.reconcile();
    } catch (error) {
      const isStopped = this.#endings.length === 0;
      // Without a connection the next connect triggers a comparison.
      if (isStopped || !this.system.isConnected) return;
      this.options.log.warn({ err: error }, 'the broker did not list its connections; retrying');
      this.#cancelRetry = this.options.schedule(RETRY_MS, () => void this.#reconcileUntilDone());
    }
  }

  async #compare(): Promise<void> {
    const { account, clients = 'devices', pageSize = PAGE_SIZE, log } = this.options;
    const meanwhile: Change[] = [];
    this.#meanwhile = meanwhile;
    try {
      const present = await listConnections(this.system, account, clients, pageSize, log);
      for (const { id, connection } of meanwhile) {
        if (connection) present.set(id, connection);
        else present.delete(id);
      }
      for (const id of this.#known.keys()) if (!present.has(id)) this.#apply({ id });
      for (const [id, connection] of present) this.#apply({ id, connection });
    } catch (error) {
      for (const change of meanwhile) this.#apply(change);
      throw error;
    } finally {
      this.#meanwhile = undefined;
    }
  }

  #onEvent(kind: ConnectionEvent, data: Uint8Array): void {
    const { clients = 'devices', log } = this.options;
    const change = readChange(kind, data, clients, log);
    if (change === undefined) return;
    if (this.#meanwhile) this.#meanwhile.push(change);
    else this.#apply(change);
  }

  #apply({ id, connection, isStale = false }: Change): void {
    const before = this.#known.get(id);
    if (connection && !before) {
      this.#known.set(id, connection);
      this.options.onConnect(connection);
    } else if (before && !connection) {
      this.#known.delete(id);
      this.options.onDisconnect(before, isStale);
    }
  }
}
