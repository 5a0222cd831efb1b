// The bus as the rest of the code sees it: bytes on subjects. How it is carried is connection.ts's business.
import type { BusEvent } from './connection/bus-event.js';

export interface BusMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly reply?: string;
}

export interface Patience {
  /** How long to wait for an answer. */
  readonly timeoutMs: number;
}

export type Headers = Readonly<Record<string, string>>;

export interface Asking extends Patience {
  readonly headers?: Headers;
}

export interface BusInfo {
  readonly serverVersion: string;
  /** This client's address as the broker sees it. */
  readonly clientIp: string | undefined;
  readonly host: string;
  readonly port: number;
  /** The most bytes that one message of this client may have. */
  readonly maxPayload: number;
}

export interface BusSubscription {
  /** Takes no more; what has arrived is still handled. */
  drain(): Promise<void>;
  unsubscribe(): void;
}

/** Each method that fails throws a `BusError`, whose `kind` says how. */
export interface Bus {
  /** Of the present connection, or of the last one. */
  readonly info: BusInfo;
  readonly isConnected: boolean;
  /** The first answer. Fails at once, not by timeout, when nobody listens, or when the connection is or gets lost. */
  request(subject: string, data: Uint8Array, asking: Asking): Promise<Uint8Array>;
  /** Every answer, for requests that several servers answer: until 300 ms pass after one, or `timeoutMs` without any. */
  gather(subject: string, data: Uint8Array, patience: Patience): Promise<readonly Uint8Array[]>;
  publish(subject: string, data: Uint8Array, headers?: Headers): void;
  /** An error of `handler` is logged and costs only that message. */
  subscribe(
    subject: string,
    handler: (message: BusMessage) => void | Promise<void>,
    options?: { readonly queue?: string },
  ): BusSubscription;
  /** Tells of each change of the connection from now on; the returned function ends that. */
  onStatus(listener: (status: BusEvent) => void): () => void;
  /** Resolves when the broker has seen all that was sent before. */
  flush(): Promise<void>;
  /** Connects anew, with the credentials of that moment; subscriptions stay. Resolves when connected. */
  reconnect(): Promise<void>;
  /** Handles what has arrived, sends what is to be sent, then closes. */
  drain(): Promise<void>;
  close(): Promise<void>;
}
