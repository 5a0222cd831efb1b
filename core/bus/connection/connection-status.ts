// The connection status: whether the client is connected, the waiters for a connection, and the listeners for changes.
// It does not know nats.js.
import type { Log } from '../../log.js';
import { type BusError, disconnected, failureOf } from './failure.js';
import type { BusEvent } from './bus-event.js';

type Listener = (status: BusEvent) => void;

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (failure: BusError) => void;
}

export class ConnectionStatus {
  #isConnected = true;
  readonly #dependents = new Set<() => void>();
  readonly #waiters = new Set<Waiter>();
  readonly #listeners = new Set<Listener>();

  constructor(private readonly log: Log) {}

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** The returned function removes the listener. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The outcome of `work`. If the connection is lost first, rejects at once with a `BusError` (`disconnected`). */
  async whileConnected<T>(what: string, work: () => Promise<T>): Promise<T> {
    if (!this.isConnected) throw disconnected(what);
    return new Promise<T>((resolve, reject) => {
      const fail = () => reject(disconnected(what));
      this.#dependents.add(fail);
      work()
        .then(resolve, (error: unknown) => reject(failureOf(error, what)))
        .finally(() => this.#dependents.delete(fail));
    });
  }

  /** Resolves when the client connects next; rejects with a `BusError` if the connection is closed first. */
  nextConnect(): Promise<void> {
    return new Promise<void>((resolve, reject) => this.#waiters.add({ resolve, reject }));
  }

  note(status: BusEvent): void {
    switch (status.type) {
      case 'connected':
        this.#isConnected = true;
        this.#settle(({ resolve }) => resolve());
        break;
      case 'disconnected':
        this.#lose();
        break;
      case 'closed':
        this.#lose();
        this.#settle(({ reject }) => reject(disconnected('reconnect')));
        break;
      case 'reconnecting':
      case 'denied':
      case 'expired':
      case 'unauthorized':
        break;
    }
    for (const listener of this.#listeners) this.#tell(listener, status);
  }

  #lose(): void {
    this.#isConnected = false;
    for (const fail of this.#dependents) fail();
  }

  #settle(settle: (waiter: Waiter) => void): void {
    for (const waiter of this.#waiters) settle(waiter);
    this.#waiters.clear();
  }

  #tell(listener: Listener, status: BusEvent): void {
    try {
      listener(status);
    } catch (error) {
      this.log.error({ err: error, status }, 'a listener for connection events failed');
    }
  }
}
