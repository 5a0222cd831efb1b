// Samples for the engine's specs: neutral events, and a clock, a key and salts that the specs control.
import { createHash } from 'node:crypto';
import { type Head, headText } from '../../../core/events/chain.js';
import { createSnapshotSeal } from '../../../core/events/snapshot-seal.js';
import type { NewEvent } from '../../../core/events/event.js';
import type { Append, NewReceipt } from '../../../core/events/store.js';
import { isSignedBy, signingKeyFromSeed } from '../../../core/keys.js';

export const START = Date.UTC(2026, 0, 1);

/** A clock that stands still until it is moved forward. */
export function handClock() {
  let now = START;
  return {
    now: () => now,
    advance: (durationMs: number) => {
      now += durationMs;
    },
  };
}

export const key = signingKeyFromSeed(Buffer.alloc(32, 7));
export const signHead = (head: Head): string => key.sign(headText(head)).toString('base64url');
export const seals = createSnapshotSeal(key.seed);
export const isHeadSigned = (head: Head, signature: string): boolean =>
  isSignedBy(key.publicKey, headText(head), Buffer.from(signature, 'base64url'));

/** Distinct salts that are known in advance. */
export function countedSalts(): () => string {
  let count = 0;
  return () => createHash('sha256').update(String(count++)).digest('base64url');
}

export function event(type: string, changes: Partial<NewEvent> = {}): NewEvent {
  const metadata = {
    account: 'ann',
    device: 'ann-1',
    command: { type: 'Do', what: type },
    commandId: 'c-1',
    correlationId: 'c-1',
    causationId: null,
    traceparent: null,
  };
  return { type, schemaVersion: 1, payload: { what: type }, personal: null, metadata, ...changes };
}

export function append(stream: string, expectedVersion: number, changes: Partial<Append> = {}): Append {
  const nothing = { reservations: [], secrets: [], receipts: [] };
  return {
    stream,
    expectedVersion,
    expectedQuarantineChange: 0,
    events: [event('Happened')],
    ...nothing,
    ...changes,
  };
}

const outcome: NewReceipt['outcome'] = (events) => ({ positions: events.map(({ position }) => position) });

export function receipt(commandId: string, changes: Partial<NewReceipt> = {}): NewReceipt {
  return { scope: 'ann-1', commandId, digest: `digest of ${commandId}`, outcome, ...changes };
}
