// The derivation of shadow tables: the log is read from the first event, checked, and applied slice by slice.
import { StoreUnavailableError } from '../errors.js';
import type { RecordedEvent, WhyUnknown } from '../event.js';
import { isOfEvent } from '../unhandled.js';
import { reasonOf } from '../../reason.js';
import { type Fault, isFault, type LogCheck } from '../verification/log-check.js';
import { BEFORE_ALL, readLogRows } from '../verification/log-reader.js';
import type { Projection } from './projector.js';
import type { Shadow } from './shadow.js';
import type { Row } from '../sql/sql.js';

const SLICE_EVENTS = 1_000;

export interface DerivationParts {
  readonly shadow: Shadow;
  readonly projections: readonly Projection[];
  readonly check: LogCheck;
  /** Default: every event is known. */
  readonly whyUnknown?: WhyUnknown;
  /** Called after each slice with the position reached. */
  readonly onProgress: (position: number) => void;
}

/** An event that another version of the program wrote. Such an event is not a fault of the log. */
export interface UnknownEvent {
  readonly position: number;
  readonly stream: string;
  readonly reason: string;
}

export interface Derivation {
  /** The first unknown event. The tables then reflect the events before it; later events are only checked. */
  readonly unknown: UnknownEvent | null;
  /**
   * Continues after the last checked event, to the end of the committed log. Returns the first fault; null if there is
   * none.
   */
  continue(): Promise<Fault | null>;
  /** As `continue`, inside an open transaction. */
  continueInTransaction(): Promise<Fault | null>;
}

export function createDerivation(parts: DerivationParts): Derivation {
  const { shadow, projections, check, whyUnknown = () => null, onProgress } = parts;
  let unknown: UnknownEvent | null = null;

  async function deriveSlice(limit = SLICE_EVENTS): Promise<Fault | 'more' | null> {
    const after = check.head.position === 0 ? BEFORE_ALL : check.head.position;
    let rows: readonly Row[];
    try {
      rows = await readLogRows(shadow.sql, { after, limit });
    } catch (thrown) {
      if (!(thrown instanceof StoreUnavailableError)) throw thrown;
      if (limit > 1) return deriveOneByOne();
      return {
        position: check.head.position + 1,
        reason: `the file cannot be read there (${thrown.message})`,
      };
    }
    for (const row of rows) {
      const fault = await take(row);
      if (fault !== null) return fault;
    }
    onProgress(check.head.position);
    return rows.length === limit ? 'more' : null;
  }

  // Reads one row at a time, to find the first row that cannot be read from a damaged file.
  async function deriveOneByOne(): Promise<Fault | null> {
    for (;;) {
      const end = await deriveSlice(1);
      if (end !== 'more') return end;
    }
  }

  async function take(row: Row): Promise<Fault | null> {
    const event = check.next(row);
    if (isFault(event)) return event;
    if (unknown !== null) return null;
    const reason = whyUnknown(event);
    if (reason !== null) {
      unknown = { position: event.position, stream: event.stream, reason };
      return null;
    }
    return apply(event);
  }

  async function apply(event: RecordedEvent): Promise<Fault | null> {
    for (const projection of projections) {
      try {
        await projection.apply(event, shadow.sql);
      } catch (thrown) {
        // A failure of the shadow's own disk is not a fault of the log.
        if (thrown instanceof StoreUnavailableError) throw thrown;
        const reason = `the tables of ${projection.name} cannot apply it (${reasonOf(thrown)})`;
        const { position, stream } = event;
        if (!isOfEvent(thrown)) return { position, reason };
        unknown = { position, stream, reason };
        return null;
      }
    }
    return null;
  }

  return {
    get unknown() {
      return unknown;
    },
    async continue() {
      for (;;) {
        // Each slice has its own transaction. A longer one would keep the tracker from truncating its write-ahead log.
        await shadow.sql.run('BEGIN');
        const end = await deriveSlice();
        await shadow.sql.run('COMMIT');
        if (end !== 'more') return end;
      }
    },
    async continueInTransaction() {
      for (;;) {
        const end = await deriveSlice();
        if (end !== 'more') return end;
      }
    },
  };
}
