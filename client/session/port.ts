// What the chat needs of a session: who is logged in here, requests to the tracker, and what the tracker states.
import type Emittery from 'emittery';
import type { AccountId, DeviceId } from '../../core/ids.js';
import type { Json } from '../../core/json.js';
import type { Connection, Response, Title } from '../../core/protocol/envelope.js';
import type { Signed } from '../../core/protocol/signed/signed.js';

export interface SessionState {
  readonly state: 'connecting' | 'guest' | 'authenticating' | 'online' | 'reconnecting' | 'offline';
  /** Why it is so, as a sentence: what a user asks when the state surprises. */
  readonly reason: string;
}

export interface Identity {
  readonly account: AccountId;
  readonly username: string;
  readonly device: DeviceId;
}

export interface SessionEvents {
  state: SessionState;
  /** Pushed by the tracker; not verified yet. */
  notice: Signed;
  introduction: Signed;
  /**
   * Connected anew, to show renewed credentials or since the last connection was silent, online all the while: what was
   * pushed meanwhile may be missed.
   */
  renewed: null;
  /** Whom the account has blocked has changed; the tracker says who when it is asked. */
  blocks: null;
  expelled: Expulsion;
}

/** The tracker no longer knows this device, or has disabled its account. */
export interface Expulsion {
  readonly phrase: 'NOT_ENROLLED' | 'ACCOUNT_DISABLED';
  /** Why, as a sentence. */
  readonly reason: string;
}

/** A terminal's connection to its tracker. It comes back by itself; requests never reject for what the network did. */
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
  /** Remembers the account's new name, as the tracker has told it; nothing happens without a login. */
  called(username: string): Promise<void>;
  /** Forgets the device at the tracker and here; the next login enrols a new key. */
  logout(): Promise<Response>;
  /**
   * Asks the tracker. While the session is away the request waits for it; the same id is sent again after an
   * interruption, and the tracker does nothing twice. After `timeoutMs` (10 s unless told) the answer is `UNAVAILABLE`.
   */
  request(
    title: Title,
    data: Json,
    options?: { connection?: Connection; timeoutMs?: number },
  ): Promise<Response>;
  /** Milliseconds to the broker and back, measured now; null while there is no connection, or it breaks meanwhile. */
  brokerTrip(): Promise<number | null>;
  /** There is reason to doubt that the connection still leads to the tracker, such as another address of this machine. */
  recheck(): void;
  close(): Promise<void>;
}
