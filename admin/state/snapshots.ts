// Stored states of long streams, one for every thousand events: the state at any moment takes only a short fold from a stored
// one. They are a cache in a file outside of the home: derived, sealed by the key of the home, free of names and reasons, and
// safe to delete.
import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import Libsql from 'libsql';
import { readQuarantines } from '../../core/events/quarantine/quarantines.js';
import type { AnyMachineSnapshot, AnyStateMachine, SnapshotFrom } from 'xstate';
import { z } from 'zod';
import type { Aggregate } from '../../core/actor/aggregate.js';
import { persisted, restored } from '../../core/actor/snapshot.js';
import { messageOf } from '../../core/errors.js';
import type { SnapshotSeal } from '../../core/events/snapshot-seal.js';
import type { Sql } from '../../core/events/sql/sql.js';
import { bytes, decoded } from '../../core/events/verification/log-reader.js';
import type { SubjectState } from './state.js';

export interface StateSnapshots {
  /**
   * The latest stored state of a stream at or before a position; null if no state is stored or the state belongs to another log.
   */
  load<Machine extends AnyStateMachine>(
    aggregate: Aggregate<Machine>,
    stream: string,
    position: number,
  ): Promise<SubjectState<Machine> | null>;
  /** Whether a state with this version is stored. */
  isKept(version: number): boolean;
  store(states: readonly SubjectState[]): Promise<void>;
  close(): void;
}

export interface SnapshotParts {
  /** The file of the cache. The file and its folder are created with access for their owner only. */
  readonly file: string;
  readonly seals: SnapshotSeal;
  /** The log that the states belong to. */
  readonly sql: Pick<Sql, 'all'>;
  /** Receives a failure of the cache as one line. The states are then folded from the first event. */
  readonly onProblem: (problem: string) => void;
}

const INTERVAL_EVENTS = 1_000;
const PATIENCE_MS = 1_000;
const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

// The number in the table's name changes when the format of a stored state changes.
const CREATE = `CREATE TABLE IF NOT EXISTS states_1 (stream TEXT NOT NULL, machine_version INTEGER NOT NULL, version INTEGER NOT NULL,
  position INTEGER NOT NULL, hash TEXT NOT NULL, state TEXT NOT NULL, seal TEXT NOT NULL,
  PRIMARY KEY (stream, machine_version, version)) WITHOUT ROWID`;
const LATEST = `SELECT version, position, hash, state, seal FROM states_1
  WHERE stream = ? AND machine_version = ? AND position <= ? ORDER BY version DESC LIMIT 1`;
const STORE = 'INSERT OR REPLACE INTO states_1 VALUES (?, ?, ?, ?, ?, ?, ?)';
const HASH = `SELECT position, ${bytes('hash')} AS hash FROM events WHERE stream = ? AND version = ?`;

const stateRow = z.object({
  version: z.number(),
  position: z.number(),
  hash: z.string(),
  state: z.string(),
  seal: z.string(),
});
const hashRow = z.object({ position: z.number(), hash: z.string() });
const storedState = z.object({
  state: z.record(z.string(), z.json()),
  sources: z.object({
    lists: z.record(z.string(), z.array(z.number())),
    latest: z.record(z.string(), z.number()),
  }),
  /** The positions of the events that the state passes over. Earlier versions of the cache have none. */
  quarantined: z.array(z.number()).default([]),
});

export function openStateSnapshots({ file, seals, sql, onProblem }: SnapshotParts): StateSnapshots {
  let opened: Libsql.Database | null = null;
  let hasFailed = false;

  /** Null after a failure of the cache. Such a failure never fails the command. */
  function attempt<T>(work: () => T): T | null {
    try {
      return work();
    } catch (thrown) {
      hasFailed = true;
      onProblem(`the cache ${file} cannot be used, so the command is slower: ${messageOf(thrown)}`);
      return null;
    }
  }

  /** Null after a failure. Logs without long streams never have a cache. */
  function database(): Libsql.Database | null {
    if (hasFailed) return null;
    opened ??= attempt(() => open(file));
    return opened;
  }

  async function loggedAt(stream: string, version: number): Promise<z.infer<typeof hashRow> | undefined> {
    const [row] = await sql.all(HASH, [stream, version]);
    return hashRow.safeParse(decoded(row ?? {})).data;
  }

  async function quarantinedIn(stream: string, upTo: number): Promise<readonly number[]> {
    const places = [...(await readQuarantines(sql)).values()];
    return places
      .filter((place) => place.stream === stream && place.position <= upTo)
      .map(({ position }) => position);
  }

  return {
    async load(aggregate, stream, position) {
      const from = existsSync(file) ? database() : null;
      if (from === null) return null;
      const { machineVersion } = aggregate;
      const row = attempt(() => from.prepare(LATEST).get([stream, machineVersion, position]));
      const found = stateRow.safeParse(row).data;
      if (found === undefined) return null;
      const { version, state } = found;
      const at = { position: found.position, hash: found.hash };
      if (!seals.isSealed({ stream, machineVersion, version, at, state }, found.seal)) return null;
      const logged = await loggedAt(stream, version);
      if (logged?.hash !== at.hash || logged.position !== at.position) return null;
      const stored = storedState.parse(JSON.parse(state));
      if (!isDeepStrictEqual(stored.quarantined, await quarantinedIn(stream, at.position))) return null;
      const snapshot = restored(aggregate, stored.state);
      if (snapshot === null) return null;
      // The seal also covers the version of the machine that made the snapshot.
      return {
        aggregate,
        stream,
        version,
        position: at.position,
        snapshot: typed(snapshot),
        sources: stored.sources,
      };
    },
    isKept: (version) => version % INTERVAL_EVENTS === 0,
    async store(states) {
      const to = database();
      if (to === null) return;
      const rows: (string | number)[][] = [];
      for (const { aggregate, stream, version, position, snapshot, sources } of states) {
        const { machineVersion } = aggregate;
        const logged = await loggedAt(stream, version);
        if (logged?.position !== position) continue;
        const at = { position, hash: logged.hash };
        const quarantined = await quarantinedIn(stream, position);
        const state = JSON.stringify({ state: persisted(snapshot), sources, quarantined });
        const seal = seals.seal({ stream, machineVersion, version, at, state });
        rows.push([stream, machineVersion, version, position, at.hash, state, seal]);
      }
      attempt(() => {
        const insert = to.prepare(STORE);
        to.transaction(() => {
          for (const row of rows) insert.run(row);
        })();
      });
    },
    close: () => void opened?.close(),
  };
}

// `restored` checked the state with the machine itself. XState's types cannot express that.
const typed = <Machine extends AnyStateMachine>(snapshot: AnyMachineSnapshot): SnapshotFrom<Machine> =>
  snapshot as SnapshotFrom<Machine>;

function open(file: string): Libsql.Database {
  mkdirSync(dirname(file), { recursive: true, mode: OWNER_ONLY_FOLDER });
  closeSync(openSync(file, 'a', OWNER_ONLY));
  chmodSync(file, OWNER_ONLY);
  const database = new Libsql(file);
  database.pragma(`busy_timeout = ${PATIENCE_MS}`);
  // A lost or damaged cache is made again.
  database.pragma('synchronous = OFF');
  database.exec(CREATE);
  return database;
}
