// Events that this version cannot read, in a tracker fixture with accounts and rooms, and their quarantine.
import type { ExecutionContext } from 'ava';
import {
  type Quarantined,
  quarantine,
  type QuarantineRequest,
} from '../../../admin/quarantine/quarantine.js';
import { type Verified, verifyHome } from '../../../admin/verify.js';
import { hashEvent, sealEvent } from '../../../core/events/chain.js';
import type { NewEvent } from '../../../core/events/event.js';
import { insertInto } from '../../../core/events/sql/table.js';
import { events } from '../../../core/events/sql/tables.js';
import { invariant } from '../../../core/errors.js';
import { systemIds } from '../../../core/ids.js';
import { openTrackerFixture, type TrackerFixture } from '../../actors/tracker-fixture.js';
import { event } from '../../core/events/samples.js';
import { homeOf } from '../histories.js';

export const REASON = 'a test of version 9';
export const nothing = (): void => undefined;

/** A known event of each kind of stream. */
const KNOWN = { room: 'MemberLeft', account: 'DeviceEnrolled', quarantine: 'EventQuarantined' } as const;
export type StreamKind = keyof typeof KNOWN;
export const streamKinds = Object.keys(KNOWN).filter((kind): kind is StreamKind => kind in KNOWN);

/** The ways in which an event of a kind of stream is unreadable. A text that is no JSON replaces the stored payload. */
export const unreadable: Readonly<
  Record<string, (kind: StreamKind) => NewEvent & { readonly text?: string }>
> = {
  'of an unknown type': () => event('SomethingNew', { payload: {} }),
  'of a future schema version': (kind) => event(KNOWN[kind], { schemaVersion: 9 }),
  'with data that its schema refuses': (kind) => event(KNOWN[kind], { payload: { what: 'nobody' } }),
  'with a text that is not JSON': (kind) => ({ ...event(KNOWN[kind]), text: '{"account":' }),
};

/** Appends an event past the checks of this version. The chain and the signature of the log stay valid. Resolves with its position. */
export function appendUnreadable(
  { writer, clock }: Pick<TrackerFixture, 'writer' | 'clock'>,
  stream: string,
  { text, ...added }: NewEvent & { readonly text?: string },
): Promise<number> {
  return writer.extend(async (sql, head) => {
    const [last] = await sql.all('SELECT MAX(version) AS version FROM events WHERE stream = ?', [stream]);
    const version = Number(last?.['version'] ?? 0) + 1;
    const place = { stream, version, recordedAt: clock.now(), newSalt: () => 'salt' };
    const sealed = sealEvent(head, place, added);
    const changed = { ...sealed, payload: text ?? sealed.payload };
    const row = { ...changed, hash: hashEvent(head.hash, changed) };
    await sql.run(...insertInto(events, row));
    return { kind: 'keep', value: row.position, head: { position: row.position, hash: row.hash } };
  });
}

/** Ann leads the attic and the lobby, and Ben is a member of both. */
export async function openScene(t: ExecutionContext) {
  const fixture = await openTrackerFixture(t);
  const { ask } = fixture;
  const [ann, ben] = [await fixture.enrolled('ann'), await fixture.enrolled('ben')];
  for (const name of ['attic', 'lobby']) {
    await ask.rooms(ann, { operation: 'CREATE', name });
    await ask.rooms(ben, { operation: 'JOIN', name });
  }
  const attic = await fixture.directory.openRoomNamed('attic');
  invariant(attic !== null, 'the attic is open');
  const home = homeOf(t, fixture);
  const act = (position: number, more: Partial<QuarantineRequest> = {}): Promise<Quarantined> =>
    quarantine(
      { home, clock: fixture.clock, ids: systemIds, onProgress: nothing },
      { position, isRelease: false, reason: REASON, isDryRun: false, ...more },
    );
  const verify = (): Promise<Verified> => verifyHome(home, nothing);
  /** The stream of each kind in which events are unreadable. */
  const streams = { room: attic.id, account: `account-${ann.account}`, quarantine: 'quarantine-2' };
  return { ...fixture, fixture, ann, ben, attic, home, act, verify, streams };
}
