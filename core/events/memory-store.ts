// The event store in memory, for specs. It meets the same contract as the store in SQL, but persists nothing and has no
// projections.
import type { Clock } from '../time/clock.js';
import { GENESIS, type Head, sealEvent } from './chain.js';
import { type EventRow, type RecordedEvent, readEvent } from './event.js';
import type {
  Append,
  Appended,
  EventStore,
  Receipt,
  Reservation,
  ReservationChange,
  SignedHead,
  SignHead,
} from './store.js';

export interface MemoryStoreParts {
  readonly clock: Clock;
  readonly newSalt: () => string;
  readonly signHead: SignHead;
}

type Reservations = Map<string, Reservation>;
type KeptReceipt = Receipt & { readonly recordedAt: number };

export function createMemoryStore({ clock, newSalt, signHead }: MemoryStoreParts): EventStore {
  const rows: EventRow[] = [];
  const lengths = new Map<string, number>();
  const receipts = new Map<string, KeptReceipt>();
  const secrets = new Map<string, string>();
  const listeners = new Set<(head: Head) => void>();
  let reservations: Reservations = new Map();
  let head: SignedHead = { ...GENESIS, signature: '' };

  // Every step that may refuse or throw comes before the first change.
  function append(asked: Append): Appended {
    for (const { scope, commandId } of asked.receipts) {
      const receipt = receipts.get(pair(scope, commandId));
      if (receipt !== undefined) return { kind: 'duplicate', receipt: withoutTime(receipt) };
    }
    if ((lengths.get(asked.stream) ?? 0) !== asked.expectedVersion) return { kind: 'conflict' };
    const now = clock.now();
    const reserved = new Map(reservations);
    for (const change of asked.reservations) {
      const taken = reserve(reserved, change, now);
      if (taken !== null) return { kind: 'reserved', reservation: { kind: change.kind, name: taken } };
    }
    const sealed = seal(head, asked, now);
    const events = sealed.map(readEvent);
    const made = asked.receipts.map(
      (receipt): KeptReceipt => ({ ...receipt, outcome: receipt.outcome(events), recordedAt: now }),
    );
    const last = sealed.at(-1);
    const end = last && { position: last.position, hash: last.hash };
    const signed = end && { ...end, signature: signHead(end) };

    reservations = reserved;
    rows.push(...sealed);
    lengths.set(asked.stream, asked.expectedVersion + sealed.length);
    for (const receipt of made) receipts.set(pair(receipt.scope, receipt.commandId), receipt);
    for (const { owner, value } of asked.secrets) {
      if (value === null) secrets.delete(owner);
      else secrets.set(owner, value);
    }
    if (signed !== undefined) {
      head = signed;
      for (const listener of listeners) queueMicrotask(() => listener(signed));
    }
    return { kind: 'appended', events };
  }

  function seal(from: Head, { stream, expectedVersion, events }: Append, recordedAt: number): EventRow[] {
    const sealed: EventRow[] = [];
    for (const event of events) {
      const version = expectedVersion + sealed.length + 1;
      sealed.push(sealEvent(sealed.at(-1) ?? from, { stream, version, recordedAt, newSalt }, event));
    }
    return sealed;
  }

  const readRows: EventStore['readRows'] = async ({ fromPosition, limit }) =>
    rows.slice(Math.max(0, fromPosition - 1), Math.max(0, fromPosition - 1) + limit);

  return {
    append: async (asked) => append(asked),
    readStream: async (stream, { fromVersion, limit }): Promise<readonly RecordedEvent[]> =>
      rows
        .filter((row) => row.stream === stream && row.version >= fromVersion)
        .slice(0, limit)
        .map(readEvent),
    readAll: async (slice) => (await readRows(slice)).map(readEvent),
    // Nothing is quarantined here, because there are no projections.
    quarantineChange: async () => 0,
    recent: () => [],
    readRows,
    async placeOf(position) {
      const row = rows[position - 1];
      return row === undefined ? null : { stream: row.stream, version: row.version };
    },
    positionOf: async (stream, version) =>
      rows.find((row) => row.stream === stream && row.version === version)?.position ?? null,
    head: async () => head,
    async receipt(scope, commandId) {
      const receipt = receipts.get(pair(scope, commandId));
      return receipt === undefined ? null : withoutTime(receipt);
    },
    async reservation(kind, name) {
      const found = reservations.get(pair(kind, name));
      return found === undefined || hasRunOut(found, clock.now()) ? null : found;
    },
    secret: async (owner) => secrets.get(owner) ?? null,
    async pruneReceipts(before) {
      const old = [...receipts].filter(([, { recordedAt }]) => recordedAt < before);
      for (const [key] of old) receipts.delete(key);
      return old.length;
    },
    onAppended(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

// Applies the change. Returns the name if another owner has it, or null on success.
function reserve(names: Reservations, change: ReservationChange, now: number): string | null {
  const { kind, name, owner } = change;
  const own = [...names].filter(([key, found]) => {
    const isMeant = name === null ? key.startsWith(`[${JSON.stringify(kind)},`) : key === pair(kind, name);
    return isMeant && found.owner === owner;
  });
  if (change.action === 'release') {
    for (const [key] of own) names.delete(key);
    return null;
  }
  const until = change.action === 'hold' ? change.until : null;
  if (name === null) {
    for (const [key, found] of own) if (found.until === null) names.set(key, { owner, until });
    return null;
  }
  const found = names.get(pair(kind, name));
  if (found !== undefined && found.owner !== owner && !hasRunOut(found, now)) return name;
  names.set(pair(kind, name), { owner, until });
  return null;
}

function hasRunOut({ until }: Reservation, now: number): boolean {
  return until !== null && until <= now;
}

function withoutTime({ scope, commandId, digest, outcome }: KeptReceipt): Receipt {
  return { scope, commandId, digest, outcome: JSON.parse(JSON.stringify(outcome)) };
}

function pair(first: string, second: string): string {
  return JSON.stringify([first, second]);
}
