// The derivation of shadow tables: the log is read from the first event, checked, and applied slice by slice.
import { messageOf } from '../../errors.js';
import { StoreUnavailableError } from '../errors.js';
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
  /** Called after each slice with the position reached. */
  readonly onProgress: (position: number) => void;
}

/**
 * Continues after the last checked event, to the end of the committed log. Returns the first fault; null if there is
 * none.
 */
export async function derive(parts: DerivationParts): Promise<Fault | null> {
  const { sql } = parts.shadow;
  for (;;) {
    // Each slice has its own transaction. A longer one would keep the tracker from truncating its write-ahead log.
    await sql.run('BEGIN');
    const end = await deriveSlice(parts);
    await sql.run('COMMIT');
    if (end !== 'more') return end;
  }
}

/** Does the same as `derive` inside an open transaction. */
export async function deriveRest(parts: DerivationParts): Promise<Fault | null> {
  for (;;) {
    const end = await deriveSlice(parts);
    if (end !== 'more') return end;
  }
}

async function deriveSlice(parts: DerivationParts, limit = SLICE_EVENTS): Promise<Fault | 'more' | null> {
  const { shadow, check, onProgress } = parts;
  const after = check.head.position === 0 ? BEFORE_ALL : check.head.position;
  let rows: readonly Row[];
  try {
    rows = await readLogRows(shadow.sql, { after, limit });
  } catch (thrown) {
    if (!(thrown instanceof StoreUnavailableError)) throw thrown;
    if (limit > 1) return deriveOneByOne(parts);
    return { position: check.head.position + 1, reason: `the file cannot be read there (${thrown.message})` };
  }
  for (const row of rows) {
    const fault = await take(parts, row);
    if (fault !== null) return fault;
  }
  onProgress(check.head.position);
  return rows.length === limit ? 'more' : null;
}

// Reads single rows up to the one that a damaged file does not return.
async function deriveOneByOne(parts: DerivationParts): Promise<Fault | null> {
  for (;;) {
    const end = await deriveSlice(parts, 1);
    if (end !== 'more') return end;
  }
}

async function take({ shadow, projections, check }: DerivationParts, row: Row): Promise<Fault | null> {
  const event = check.next(row);
  if (isFault(event)) return event;
  for (const projection of projections) {
    try {
      await projection.apply(event, shadow.sql);
    } catch (thrown) {
      // A failure of the shadow's own disk is not a fault of the log.
      if (thrown instanceof StoreUnavailableError) throw thrown;
      const reason = `the tables of ${projection.name} cannot apply it (${messageOf(thrown)})`;
      return { position: event.position, reason };
    }
  }
  return null;
}
