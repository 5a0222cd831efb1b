// The bus port: bytes on subjects. It does not know how they are transported.
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

/** The two ends of a connection, as this side sees them. */
export interface ConnectionEnds {
  readonly local: { readonly ip: string; readonly port: number };
  readonly remote: { readonly ip: string; readonly port: number };
}

export interface BusInfo {
  readonly serverVersion: string;
  /** The address of this client as the broker sees it. */
  readonly clientIp: string | undefined;
  readonly host: string;
  readonly port: number;
  /** The largest message this client may send, in bytes. */
  readonly maxPayload: number;
}

export interface BusSubscription {
  /** Accepts no further messages; those received already are still handled. */
  drain(): Promise<void>;
  unsubscribe(): void;
}

/** A method that fails throws a `BusError`; its `kind` is the reason. */
export interface Bus {
  /** Describes the current connection, or the last one. */
  readonly info: BusInfo;
  readonly isConnected: boolean;
  /** The addresses of the current connection, or of the last one; null if they are unknown. */
  readonly ends: ConnectionEnds | null;
  /** Resolves with the first answer. Fails at once, not by timeout, if nobody listens or the connection is lost. */
  request(subject: string, data: Uint8Array, asking: Asking): Promise<Uint8Array>;
  /** Collects the answers of several servers, until 300 ms pass after the last one, or `timeoutMs` pass without any. */
  gather(subject: string, data: Uint8Array, patience: Patience): Promise<readonly Uint8Array[]>;
  publish(subject: string, data: Uint8Array, headers?: Headers): void;
  /** An error of `handler` is logged and affects only that message. */
  subscribe(
    subject: string,
    handler: (message: BusMessage) => void | Promise<void>,
    options?: { readonly queue?: string },
  ): BusSubscription;
  /** Calls `listener` at each change of the connection. The returned function removes the listener. */
  onStatus(listener: (status: BusEvent) => void): () => void;
  /** Resolves when the broker has received everything sent before. */
  flush(): Promise<void>;
  /** Reconnects with the current credentials. Subscriptions stay. Resolves when connected. */
  reconnect(): Promise<void>;
  /** Handles the messages received, sends those pending, then closes. */
  drain(): Promise<void>;
  close(): Promise<void>;
}
