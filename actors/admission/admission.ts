// The admission limits of the tracker: password guesses, registrations and requests.
import type { Clock } from '../../core/time/clock.js';
import type { ReadSql } from '../../core/events/sql/sql.js';
import type { Writer } from '../../core/events/sql/writer.js';
import type { DeviceId, Ids } from '../../core/ids.js';
import type { Log } from '../../core/log.js';
import type { TrackerHost } from '../host.js';
import { type Buckets, createBuckets } from './buckets.js';
import { createLoginFailures } from './failures.js';
import { createGuessing, type Guessing } from './guessing.js';
import { isLoopback, type Origin } from '../../core/origin.js';
import { createThrottleRecord, type ThrottleRecord } from './throttle-record.js';

export interface AdmissionLimits {
  /** Registrations allowed from one origin per hour; also the greatest burst. */
  readonly registrationsPerHour: number;
  /** Whether the registration limit also applies to this machine. */
  readonly isLoopbackThrottled: boolean;
  /** Sustained requests per second of one device; bursts may be four times as large. */
  readonly requestsPerSecond: number;
}

export interface AdmissionParts {
  readonly limits: AdmissionLimits;
  readonly reads: ReadSql;
  readonly writer: Writer;
  readonly host: TrackerHost;
  readonly clock: Clock;
  /** Measures the rates. A change of the machine's clock must not affect them. */
  readonly steadyClock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

export interface Admission {
  readonly guessing: Guessing;
  readonly registrations: Buckets<Origin>;
  readonly requests: Buckets<DeviceId>;
  readonly record: ThrottleRecord;
}

const BURST_SECONDS = 4;
/** Limits the buckets of each kind to about 4 MB: a bucket takes about 200 bytes. */
const MAX_KEYS = 20_000;
const HOUR_SECONDS = 3_600;

export function createAdmission(parts: AdmissionParts): Admission {
  const { limits, reads, writer, host, clock, steadyClock, ids, log } = parts;
  const failures = createLoginFailures(reads, writer);
  const record = createThrottleRecord({ failures, host, clock, ids, log });
  const common = { maxKeys: MAX_KEYS, clock: steadyClock };
  const registrations = createBuckets<Origin>({
    ...common,
    capacity: limits.registrationsPerHour,
    perSecond: limits.registrationsPerHour / HOUR_SECONDS,
  });
  return {
    guessing: createGuessing({ failures, record, clock }),
    registrations: limits.isLoopbackThrottled ? registrations : exceptLoopback(registrations),
    requests: createBuckets<DeviceId>({
      ...common,
      capacity: BURST_SECONDS * limits.requestsPerSecond,
      perSecond: limits.requestsPerSecond,
    }),
    record,
  };
}

function exceptLoopback(buckets: Buckets<Origin>): Buckets<Origin> {
  return {
    take: (origin, cost) => (isLoopback(origin) ? 0 : buckets.take(origin, cost)),
    giveBack: (origin, cost) => (isLoopback(origin) ? undefined : buckets.giveBack(origin, cost)),
  };
}
