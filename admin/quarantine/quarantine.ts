// The command `partyline admin quarantine`: one transaction records that an event is quarantined or released, and derives the tables
// and snapshots again without or with the event. A running tracker then reads the stream again.
import { randomBytes } from 'node:crypto';
import { createOperatorHost, whyUnknown } from '../../actors/host.js';
import { operatorMetadata } from '../../actors/operator.js';
import { derivedTables, trackerProjections } from '../../actors/projections/derived.js';
import type { QuarantineCommand } from '../../actors/quarantine/commands.js';
import { InvariantError, invariant, OperatorError } from '../../core/errors.js';
import { createDerivation, type UnknownEvent } from '../../core/events/derived/derivation.js';
import { openShadow, type Shadow } from '../../core/events/derived/shadow.js';
import { StoreUnavailableError } from '../../core/events/errors.js';
import type { RecordedEvent } from '../../core/events/event.js';
import { QUARANTINE, type Quarantines } from '../../core/events/quarantine/quarantines.js';
import type { Sql, WriteConnection } from '../../core/events/sql/sql.js';
import { createSqlStore } from '../../core/events/sql/store.js';
import { quarantinedEvents } from '../../core/events/sql/tables.js';
import { createWriter, type Step } from '../../core/events/sql/writer.js';
import { createLogCheck, type Fault } from '../../core/events/verification/log-check.js';
import { readLogHead } from '../../core/events/verification/log-reader.js';
import type { Ids } from '../../core/ids.js';
import type { Clock } from '../../core/time/clock.js';
import { createDryRunStore } from '../administration/dry-run-store.js';
import { writerWithin } from '../administration/writer-within.js';
import type { AdminHome } from '../home.js';
import { brokenLog } from '../verify.js';
import { findTarget, type Target } from './target.js';

export interface QuarantineParts {
  readonly home: AdminHome;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Called with the position reached when the tables are derived. */
  readonly onProgress: (position: number) => void;
  /** Replaces the writing connection; for specs. */
  readonly watch?: (connection: WriteConnection) => WriteConnection;
}

export interface QuarantineRequest {
  readonly position: number;
  /** Whether the event is released instead. */
  readonly isRelease: boolean;
  readonly reason: string;
  /** Whether only the result is computed. No file is changed. */
  readonly isDryRun: boolean;
}

export interface Quarantined {
  readonly request: QuarantineRequest;
  readonly target: Target;
  /** The event that was recorded, or would be; null if nothing had to change. */
  readonly event: RecordedEvent | null;
  /** Another event that this version cannot read: the tables are derived again after the last one is quarantined. */
  readonly remaining: UnknownEvent | null;
  /** The number of rows of tables that were changed because of the event. */
  readonly rowsChanged: number;
}

const SALT_BYTES = 16;
const newSalt = (): string => randomBytes(SALT_BYTES).toString('base64url');

/**
 * Throws an `OperatorError` and changes nothing if the log has no such event, if the log is damaged, or if this version can read
 * the event that is to be quarantined. If the process ends early, the database has either all changes or none.
 */
export async function quarantine(parts: QuarantineParts, request: QuarantineRequest): Promise<Quarantined> {
  const { position, isRelease, isDryRun } = request;
  const target = await findTarget(parts.home, position, !isDryRun);
  const isQuarantined = target.quarantine !== null;
  if (isQuarantined !== isRelease) {
    return { request, target, event: null, remaining: null, rowsChanged: 0 };
  }
  if (!isRelease && target.problem === null) throw isReadable(target);
  if (isDryRun) {
    const { home, clock } = parts;
    const store = createDryRunStore({ reads: home.reader, clock, newSalt });
    const event = await decide(parts, createOperatorHost({ store, clock }), request, target);
    return { request, target, event, remaining: null, rowsChanged: 0 };
  }
  for (;;) {
    const done = await recordOnce(parts, request, target);
    if (done !== 'outdated') return done;
  }
}

type Attempt = Quarantined | 'outdated' | { readonly fault: Fault };

/** `outdated`: the operator quarantined or released another event at the same time. */
async function recordOnce(
  parts: QuarantineParts,
  request: QuarantineRequest,
  target: Target,
): Promise<Quarantined | 'outdated'> {
  const { home, watch = (connection) => connection, onProgress } = parts;
  const { file, isHeadSigned, signHead } = home;
  const opened = openShadow({ file, tables: derivedTables, forWriting: true });
  const shadow: Shadow = { ...opened, sql: watch(opened.sql) };
  try {
    await shadow.prepare();
    const check = createLogCheck(isHeadSigned);
    const derivation = createDerivation({
      shadow,
      projections: trackerProjections,
      check,
      whyUnknown,
      amend: amended(request, target),
      onProgress,
    });
    const fault = await derivation.continue();
    if (fault !== null) throw brokenLog(fault.position, fault.reason);
    const writer = createWriter({ connection: shadow.sql, signHead });
    const done = await writer.extend<Attempt>(async (sql, head): Promise<Step<Attempt>> => {
      const late = (await derivation.continueInTransaction()) ?? check.end(await readLogHead(sql));
      if (derivation.isOutdated) return { kind: 'nothing', value: 'outdated' };
      if (late !== null) return { kind: 'nothing', value: { fault: late } };
      const within = writerWithin(sql, head);
      const store = createSqlStore({
        reads: sql,
        writer: within.writer,
        clock: parts.clock,
        newSalt,
        projections: trackerProjections,
      });
      const event = await decide(parts, createOperatorHost({ store, clock: parts.clock }), request, target);
      const { unknown: remaining } = derivation;
      const rowsChanged = await changeTables(shadow, sql, target, remaining);
      const value = { request, target, event, remaining, rowsChanged };
      return { kind: 'keep', value, head: within.head() };
    });
    if (done !== 'outdated' && 'fault' in done) throw brokenLog(done.fault.position, done.fault.reason);
    return done;
  } catch (thrown) {
    throw thrown instanceof StoreUnavailableError ? busy(file, thrown) : thrown;
  } finally {
    shadow.close();
  }
}

/** The quarantines of the log, with the requested change. */
const amended =
  ({ position, isRelease, reason }: QuarantineRequest, { stream, version }: Target) =>
  (before: Quarantines): Quarantines => {
    const after = new Map(before);
    if (isRelease) after.delete(position);
    else after.set(position, { position, stream, version, by: 0, reason });
    return after;
  };

/**
 * Replaces the tables in use. Tables that depend on another unreadable event cannot be derived. They stay as they are, except for
 * the table of quarantines. Resolves with the number of changed rows in all tables except the table of quarantines.
 */
async function changeTables(
  shadow: Shadow,
  sql: Sql,
  { stream }: Target,
  remaining: UnknownEvent | null,
): Promise<number> {
  await shadow.replace([quarantinedEvents.name]);
  await sql.run('DELETE FROM snapshots WHERE stream = ?', [stream]);
  return remaining === null ? shadow.replace() : 0;
}

type OperatorHost = ReturnType<typeof createOperatorHost>;

async function decide(
  { ids }: QuarantineParts,
  host: OperatorHost,
  { position, isRelease, reason }: QuarantineRequest,
  { stream, version }: Target,
): Promise<RecordedEvent> {
  const command: QuarantineCommand = {
    type: isRelease ? 'ReleaseEvent' : 'QuarantineEvent',
    position,
    stream,
    version,
    personal: { reason },
  };
  const metadata = operatorMetadata(ids);
  const outcome = await host.send({ kind: QUARANTINE, id: String(position), command, metadata });
  if (outcome.kind !== 'done') throw new InvariantError(`a quarantine answered ${outcome.kind}`);
  const [event] = outcome.events;
  invariant(event !== undefined, 'a quarantine that changes records an event');
  return event;
}

function isReadable({ position, stream, earlier }: Target): OperatorError {
  return earlier === null
    ? new OperatorError(
        `nothing was changed: this version can read the event at position ${position}`,
        'Only an event that cannot be read can be quarantined. `partyline admin verify` names it.',
      )
    : new OperatorError(
        `nothing was changed: the event at position ${earlier}, which comes before it in ${stream}, cannot be read`,
        `Quarantine that event first: partyline admin quarantine ${earlier} --reason TEXT`,
      );
}

const busy = (file: string, cause: unknown): OperatorError =>
  new OperatorError(
    `nothing was changed: the database ${file} could not be written to`,
    'Try again in a moment. If that does not help, run `partyline doctor`.',
    { cause },
  );
