// The derivation of shadow tables: the log is read from the first event, checked, and applied slice by slice.
import { StoreUnavailableError } from '../errors.js';
import type { RecordedEvent, WhyUnknown } from '../event.js';
import { isOfQuarantine, type Quarantines, readQuarantines } from '../quarantine/quarantines.js';
import { isOfEvent } from '../unhandled.js';
import { reasonOf } from '../../reason.js';
import { type Fault, isFault, isUnreadableRow, type LogCheck } from '../verification/log-check.js';
import { BEFORE_ALL, readLogHead, readLogRows } from '../verification/log-reader.js';
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
  /** Returns the quarantines to use for the derivation, from those in the log. Default: the quarantines in the log. */
  readonly amend?: (quarantines: Quarantines) => Quarantines;
  /** Called after each slice with the position reached. */
  readonly onProgress: (position: number) => void;
}

/** An event that this version cannot read, and that is not quarantined. Such an event is not a fault of the log. */
export interface UnknownEvent {
  readonly position: number;
  readonly stream: string;
  readonly reason: string;
}

export interface Derivation {
  /**
   * The first unknown event. The tables then reflect the events before it; of the later events, only quarantines are applied, and the
   * others are only checked.
   */
  readonly unknown: UnknownEvent | null;
  /** The quarantined events that were passed over. */
  readonly quarantines: Quarantines;
  /** Whether a quarantine was recorded after the derivation began. The tables are then worthless. */
  readonly isOutdated: boolean;
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
  const { amend = (quarantines: Quarantines) => quarantines } = parts;
  let unknown: UnknownEvent | null = null;
  let quarantines: Quarantines = new Map();
  /** The last position whose quarantines are known; null before they are read. */
  let knownUpTo: number | null = null;
  let isOutdated = false;
  /** The failure of the database when the quarantines were read. */
  let unreadQuarantines: StoreUnavailableError | null = null;

  /** Runs in the transaction of the first slice, so that later quarantines have later positions than its head. */
  async function beginOnce(): Promise<void> {
    if (knownUpTo !== null) return;
    knownUpTo = 0;
    try {
      const last = Number((await readLogHead(shadow.sql))?.['position']);
      if (Number.isFinite(last)) knownUpTo = last;
      quarantines = amend(await readQuarantines(shadow.sql));
    } catch (thrown) {
      if (!(thrown instanceof StoreUnavailableError)) throw thrown;
      // The file is damaged. The check of the events finds the first damaged one.
      unreadQuarantines = thrown;
    }
  }

  async function deriveSlice(limit = SLICE_EVENTS): Promise<Fault | 'more' | null> {
    const after = check.head.position === 0 ? BEFORE_ALL : check.head.position;
    await beginOnce();
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
    if (rows.length === limit) return 'more';
    if (unreadQuarantines !== null) throw unreadQuarantines;
    return null;
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
    const { position, stream } = event;
    if (isOfQuarantine(stream)) isOutdated ||= position > (knownUpTo ?? 0);
    if (quarantines.has(position)) return null;
    if (isUnreadableRow(event)) return stopAt(event, event.reason);
    const reason = whyUnknown(event);
    if (reason !== null) return stopAt(event, reason);
    return unknown === null || isOfQuarantine(stream) ? apply(event) : null;
  }

  function stopAt({ position, stream }: Omit<UnknownEvent, 'reason'>, reason: string): null {
    unknown ??= { position, stream, reason };
    return null;
  }

  async function apply(event: RecordedEvent): Promise<Fault | null> {
    for (const projection of projections) {
      try {
        await projection.apply(event, shadow.sql);
      } catch (thrown) {
        // A failure of the shadow's own disk is not a fault of the log.
        if (thrown instanceof StoreUnavailableError) throw thrown;
        const reason = `the tables of ${projection.name} cannot apply it (${reasonOf(thrown)})`;
        return isOfEvent(thrown) ? stopAt(event, reason) : { position: event.position, reason };
      }
    }
    return null;
  }

  return {
    get unknown() {
      return unknown;
    },
    get quarantines() {
      return quarantines;
    },
    get isOutdated() {
      return isOutdated;
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
