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
  /** A notice that the tracker has pushed. Its signature is not verified yet. */
  notice: Signed;
  introduction: Signed;
  /**
   * The session reconnected, to use renewed credentials or because the connection was silent. The state stayed `online`, but
   * messages that the tracker pushed during the reconnection may be lost.
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
  /** The login of this device; null until the device is enrolled. It is kept across restarts. */
  readonly identity: Identity | null;
  /** The tracker's Ed25519 public key from the invite, 32 bytes. */
  readonly trackerKey: Buffer;

  register(username: string, password: string): Promise<Response>;
  login(username: string, password: string): Promise<Response>;
  changePassword(current: string, next: string): Promise<Response>;
  /** Stores the account's new name as the tracker reported it; does nothing without a login. */
  called(username: string): Promise<void>;
  /** Removes the device at the tracker, and its login and key in the profile. The next login enrols a new key. */
  logout(): Promise<Response>;
  /**
   * Sends a request to the tracker. Waits while there is no connection. After an interruption the request is sent again with the
   * same id, and the tracker executes it only once. After `timeoutMs` (default 10 s) the answer is `UNAVAILABLE`.
   */
  request(
    title: Title,
    data: Json,
    options?: { connection?: Connection; timeoutMs?: number },
  ): Promise<Response>;
  /** Measures the round trip to the broker now, in milliseconds; null without a connection, or if the connection breaks. */
  brokerTrip(): Promise<number | null>;
  /** Checks the connection at once, for example after the addresses of this machine have changed, and reconnects if it is dead. */
  recheck(): void;
  close(): Promise<void>;
}
