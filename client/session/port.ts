// The session as the chat sees it: the login, requests to the tracker, and the statements that the tracker pushes.
import type Emittery from 'emittery';
import type { AccountId, DeviceId } from '../../core/ids.js';
import type { Json } from '../../core/json.js';
import type { Connection, Response, Title } from '../../core/protocol/envelope.js';
import type { Signed } from '../../core/protocol/signed/signed.js';

export interface SessionState {
  readonly state: 'connecting' | 'guest' | 'authenticating' | 'online' | 'reconnecting' | 'offline';
  /** The cause of the state, as a sentence for the user. */
  readonly reason: string;
  /** The remedy, for a person; absent if waiting is enough. */
  readonly remedy?: string;
}

export interface Identity {
  readonly account: AccountId;
  readonly username: string;
  readonly device: DeviceId;
}

export interface SessionEvents {
  state: SessionState;
  /** Pushed by the tracker; its signature is not verified yet. */
  notice: Signed;
  introduction: Signed;
  /**
   * The session reconnected, to use renewed credentials or because the connection was silent. It stayed online, but messages
   * that were pushed during the reconnection may be lost.
   */
  renewed: null;
  /** The block list of the account has changed. The event does not carry the list. */
  blocks: null;
  expelled: Expulsion;
}

/** The tracker no longer knows this device, or has disabled its account. */
export interface Expulsion {
  readonly phrase: 'NOT_ENROLLED' | 'ACCOUNT_DISABLED';
  /** The cause, as a sentence for the user. */
  readonly reason: string;
}

/** A terminal's connection to its tracker. It reconnects by itself. Requests never reject because of the network. */
export interface Session {
  readonly events: Emittery<SessionEvents>;
  readonly state: SessionState;
  /** Null until this device is enrolled; kept across restarts. */
  readonly identity: Identity | null;
  /** The tracker's Ed25519 public key from the invite, 32 bytes. */
  readonly trackerKey: Buffer;

  register(username: string, password: string): Promise<Response>;
  login(username: string, password: string): Promise<Response>;
  changePassword(current: string, next: string): Promise<Response>;
  /** Stores the account's new name as the tracker reported it; does nothing without a login. */
  called(username: string): Promise<void>;
  /** Removes the device at the tracker and here; the next login enrols a new key. */
  logout(): Promise<Response>;
  /**
   * Sends a request to the tracker, or waits while the session is away. After an interruption the same id is sent again, and
   * the tracker executes it once. After `timeoutMs` (default 10 s) the answer is `UNAVAILABLE`.
   */
  request(
    title: Title,
    data: Json,
    options?: { connection?: Connection; timeoutMs?: number },
  ): Promise<Response>;
  /** Milliseconds to the broker and back, measured now; null if there is no connection or it breaks. */
  brokerTrip(): Promise<number | null>;
  /** Checks the connection at once, for example after the addresses of this machine have changed, and reconnects if it is dead. */
  recheck(): void;
  close(): Promise<void>;
}
