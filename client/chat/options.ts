// The parts that a chat is made of.
import type { DeviceId, Ids } from '../../core/ids.js';
import type { Log } from '../../core/log.js';
import type { Clock, Schedule } from '../../core/time/clock.js';
import type { History } from '../history/port.js';
import type { RetentionSchedule } from '../history/retention/schedule.js';
import type { Network } from '../network.js';
import type { Session } from '../session/port.js';
import type { TrackerClock } from '../time/tracker-clock.js';
import type { OpenLinks } from './peers/peers.js';
import type { KeepEvidence } from './witness/evidence.js';

export interface ChatOptions {
  readonly session: Session;
  /** Reports changed addresses of this machine. */
  readonly network: Pick<Network, 'onChanged'>;
  readonly openLinks: OpenLinks;
  readonly history: History;
  readonly retention: RetentionSchedule;
  /** Stores evidence against the tracker. */
  readonly keepEvidence: KeepEvidence;
  /** Signs with the key of the device that is logged in. */
  readonly sign: (device: DeviceId, data: Uint8Array) => Buffer;
  readonly trackerClock: TrackerClock;
  /** The clock for durations. The links use the same clock. */
  readonly steadyClock: Clock;
  /** The system's timers by default. */
  readonly schedule?: Schedule;
  /** Whether a program uses this terminal, not a person; false by default. */
  readonly isBot?: boolean;
  readonly ids: Ids;
  readonly log: Log;
}
