// A terminal's session with the tracker of a spec. The device is enrolled already; the spec decides whether it is connected.
import Emittery from 'emittery';
import type { Identity, Session, SessionEvents, SessionState } from '../../../../client/session/port.js';
import { subscribePushes } from '../../../../client/session/requests/pushes.js';
import type { TrackerClock } from '../../../../client/time/tracker-clock.js';
import type { AccountId, DeviceId } from '../../../../core/ids.js';
import type { Json } from '../../../../core/json.js';
import { silentLog } from '../../../../core/log.js';
import {
  type Connection,
  familyOf,
  type Response,
  respond,
  type Title,
} from '../../../../core/protocol/envelope.js';
import type { Signed } from '../../../../core/protocol/signed/signed.js';
import { readNotice } from '../../../actors/statements.js';
import { type DeviceConnection, requestOf, type SpecTracker } from './tracker.js';
import type { User } from './user.js';

export class SpecSession implements Session {
  readonly events = new Emittery<SessionEvents>();
  state: SessionState = { state: 'connecting', reason: 'starting' };
  /** Null once a spec has logged the terminal out. */
  identity: Identity | null;
  readonly account: AccountId;
  readonly device: DeviceId;
  /** How often the chat asked to check the connection. */
  rechecks = 0;
  #connection: DeviceConnection | null = null;

  constructor(
    private tracker: SpecTracker,
    { account, device, username }: User,
    private readonly trackerClock: TrackerClock,
  ) {
    this.account = account;
    this.device = device;
    this.identity = { account, device, username };
  }

  get trackerKey(): Buffer {
    return this.tracker.key.publicKey;
  }

  /** Connects to another tracker with the same keys, as after a restore. */
  async moveTo(tracker: SpecTracker): Promise<void> {
    await this.become('reconnecting');
    this.tracker = tracker;
    await this.become('online');
  }

  /** Delivers a statement as if the tracker had pushed it to this terminal alone. */
  push(kind: 'notice' | 'introduction', signed: Signed): void {
    void this.events.emit(kind, signed);
  }

  async become(state: SessionState['state'], reason = 'The spec sets this state.'): Promise<void> {
    this.state = { state, reason };
    if (state === 'online') this.#connect();
    else this.#disconnect();
    await this.events.emit('state', this.state);
  }

  async request(title: Title, data: Json, options: { connection?: Connection } = {}): Promise<Response> {
    if (this.state.state === 'online') {
      const measured = this.trackerClock.measure();
      const response = await this.tracker.serve(this, title, data, options.connection ?? 'TCP');
      if (response.phrase !== 'UNAVAILABLE') measured(response.at);
      return response;
    }
    return respond(requestOf(title, data), familyOf(title), { phrase: 'UNAVAILABLE' });
  }

  register = notHere;
  login = notHere;
  logout = notHere;
  changePassword = notHere;

  async brokerTrip(): Promise<number | null> {
    return this.state.state === 'online' ? 3 : null;
  }

  async called(username: string): Promise<void> {
    if (this.identity !== null) this.identity = { ...this.identity, username };
  }

  recheck(): void {
    this.rechecks += 1;
  }

  async close(): Promise<void> {
    this.state = { state: 'offline', reason: 'closed' };
    this.#disconnect();
  }

  /** Ends the connection as a crash does, without an event to the chat. */
  drop(): void {
    this.#disconnect();
  }

  #connect(): void {
    this.#disconnect();
    this.#connection = this.tracker.connect(this);
    const listener = {
      notice: (signed: Signed) => {
        if (this.tracker.letsPass(readNotice(this.tracker.key, signed), this.device))
          this.push('notice', signed);
      },
      introduction: (signed: Signed) => this.push('introduction', signed),
      blocks: () => void this.events.emit('blocks', null),
    };
    subscribePushes(this.#connection.bus, this.account, listener, silentLog);
  }

  #disconnect(): void {
    this.#connection?.close();
    this.#connection = null;
  }
}

function notHere(): never {
  throw new Error('in the chat specs a device is enrolled before its terminal starts');
}
