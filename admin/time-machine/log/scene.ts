// The reading of a scene: the event at a position with its neighbours, the rooms or accounts at that moment, and one of them in full.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { addressOf } from '../../../core/actor/aggregate.js';
import type { LoggedEvent } from '../../../core/events/event.js';
import { readQuarantines } from '../../../core/events/quarantine/quarantines.js';
import { readLogRows } from '../../../core/events/verification/log-reader.js';
import { accountIdSchema } from '../../../core/ids.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import { type Difference, differencesOf, factsOf } from '../../diff/facts.js';
import { loggedEventOfRow } from '../../log/event-row.js';
import type { Look } from '../../look.js';
import { showAccount } from '../../show/account.js';
import { showRoom } from '../../show/room.js';
import { type Subject, type SubjectKind, subjectOf } from '../../subject/subject.js';
import type { AccountLine, Comparison, RoomLine, Scene, SceneRequest, SubjectShown } from '../reads.js';
import type { Catalogue } from './catalogue.js';
import type { RecentStates } from './recent-states.js';
import { eventLine, eventShown } from './shown-event.js';

export interface SceneParts {
  /** Its states are those of `states`. */
  readonly look: Look;
  readonly states: RecentStates;
  readonly catalogue: Catalogue;
}

const COUNT = `SELECT COUNT(*) AS count FROM memberships
  WHERE room = ? AND joined_version <= ? AND (left_version IS NULL OR left_version > ?)`;
const countRow = z.object({ count: z.number() });

export async function* readScene(parts: SceneParts, request: SceneRequest): AsyncGenerator<Scene, void> {
  const { look } = parts;
  const { position, signal, other } = request;
  const end = await look.end();
  const events = await neighboursOf(look, request);
  const event = events.find((one) => one.position === position) ?? null;
  const next = events.find((one) => one.position === position + 1);
  const existing = await parts.catalogue.at(request.list, position, end);
  const subject = subjectFor(event, request) ?? existing[0]?.subject ?? null;
  const subjects = existing.map((one) => one.subject);
  const isListed = subjects.some(({ stream }) => stream === subject?.stream);
  const part = partAround(subjects, isListed ? subject : request.fallback, request.listRows);
  const base = {
    position,
    recordedAt: event?.recordedAt ?? null,
    pauseMs:
      next === undefined ? null : Math.max(0, next.recordedAt - (event?.recordedAt ?? next.recordedAt)),
    event: event && (await eventShown(look, event)),
    neighbours: await Promise.all(events.map((one) => eventLine(look, one))),
    subject,
  };
  const list = async (isWhole: boolean): Promise<Scene['list']> => {
    const { first, shown } = part;
    const total = subjects.length;
    if (request.list === 'room') {
      const lines = await inTurn(shown, signal, (one) => roomLine(parts, one, position, isWhole));
      return { kind: 'room', total, first, lines };
    }
    const lines = await inTurn(shown, signal, (one) => accountLine(parts, one, position, isWhole));
    return { kind: 'account', total, first, lines };
  };
  yield { ...base, list: await list(false), shown: null, comparison: null };
  // A pressed key is handled first, and may make the rest unnecessary.
  await nextTurn();
  if (signal.aborted) return;
  const shown = subject && (await subjectShown(look, subject, position));
  if (signal.aborted) return;
  const comparison = subject && other !== null ? await compared(parts, subject, position, other) : null;
  if (signal.aborted) return;
  // The state of the selected room is in memory now.
  yield { ...base, list: await list(false), shown, comparison };
  await nextTurn();
  if (signal.aborted) return;
  const whole = await list(true);
  if (!signal.aborted) yield { ...base, list: whole, shown, comparison };
}

async function neighboursOf(
  look: Look,
  { position, eventRows }: SceneRequest,
): Promise<readonly LoggedEvent[]> {
  const half = Math.floor(eventRows / 2);
  const end = await look.end();
  // The next event is read in any case, because it gives the pause.
  const first = Math.max(1, Math.min(position - half, end - eventRows + 1));
  const limit = Math.max(eventRows, position + 2 - first);
  const quarantines = await readQuarantines(look.sql);
  const rows = await readLogRows(look.sql, { after: first - 1, limit });
  return rows.map((row) => loggedEventOfRow(row, quarantines));
}

function subjectFor(event: LoggedEvent | null, { list, chosen, fallback }: SceneRequest): Subject | null {
  return chosen ?? (event === null ? null : concernedBy(event, list)) ?? fallback;
}

/**
 * The room or account of the event. For a room's event in the list of accounts: the account that the event names, else the
 * account that caused it.
 */
function concernedBy({ stream, payload, metadata }: LoggedEvent, list: SubjectKind): Subject | null {
  const address = addressOf(stream);
  if (address?.kind === 'account') return subjectOf('account', address.id);
  if (list === 'room') return address?.kind === 'room' ? subjectOf('room', address.id) : null;
  const id = accountIdSchema.safeParse(payload['account']).data ?? metadata.account;
  return id === null ? null : subjectOf('account', id);
}

/** The rows of a list around a subject; the first rows if it is not in the list. */
function partAround(
  subjects: readonly Subject[],
  selected: Subject | null,
  rows: number,
): { readonly first: number; readonly shown: readonly Subject[] } {
  const index = subjects.findIndex(({ stream }) => stream === selected?.stream);
  const first = Math.max(0, Math.min(index - Math.floor(rows / 2), subjects.length - rows));
  return { first, shown: subjects.slice(first, first + rows) };
}

/** One after the other, so that the reading of many long streams can be interrupted. */
async function inTurn<Line>(
  subjects: readonly Subject[],
  signal: AbortSignal,
  read: (subject: Subject) => Promise<Line>,
): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for (const subject of subjects) {
    if (signal.aborted) break;
    lines.push(await read(subject));
  }
  return lines;
}

async function nameOf({ names }: Look, { stream }: Subject, position: number): Promise<string> {
  return sanitiseLine((await names.ofStreamAt(stream, position)) ?? stream);
}

async function roomLine(
  { look, states }: SceneParts,
  subject: Subject,
  position: number,
  isWhole: boolean,
): Promise<RoomLine> {
  const { stream } = subject;
  const version = await states.versionAt(stream, position);
  const name = await nameOf(look, subject, position);
  const state = states.knownRoom(stream, version) ?? (isWhole ? await states.room(stream, position) : null);
  if (state !== null) {
    const { members, admins } = state.snapshot.context;
    const [leader] = admins;
    const leaderName = leader === undefined ? '' : await nameOf(look, subjectOf('account', leader), position);
    return { subject, name, members: members.length, leader: leaderName };
  }
  const [row] = await look.sql.all(COUNT, [stream, version, version]);
  return { subject, name, members: countRow.parse(row).count, leader: null };
}

async function accountLine(
  { look, states }: SceneParts,
  subject: Subject,
  position: number,
  isWhole: boolean,
): Promise<AccountLine> {
  const { stream } = subject;
  const name = await nameOf(look, subject, position);
  const known = states.knownAccount(stream, await states.versionAt(stream, position));
  const state = known ?? (isWhole ? await states.account(stream, position) : null);
  if (state === null) return { subject, name, state: null };
  const { snapshot } = state;
  const terminals = snapshot.context.devices.length;
  return { subject, name, state: { terminals, isDisabled: snapshot.matches('disabled') } };
}

async function subjectShown(look: Look, subject: Subject, position: number): Promise<SubjectShown> {
  const at = await look.pointAt({ kind: 'position', position });
  return subject.kind === 'room' ? showRoom(look, subject, at) : showAccount(look, subject, at);
}

async function compared(
  { look, states }: SceneParts,
  subject: Subject,
  position: number,
  other: number,
): Promise<Comparison> {
  const factsAt = async (at: number) =>
    factsOf(
      subject.kind === 'room'
        ? await states.room(subject.stream, at)
        : await states.account(subject.stream, at),
    );
  const [here, there] = [
    await subjectShown(look, subject, position),
    await subjectShown(look, subject, other),
  ];
  const differences = differencesOf(await factsAt(position), await factsAt(other));
  return { position: other, shown: there, differences: [...differences, ...roomDifferences(here, there)] };
}

/** The rooms of an account, which its machine does not know. */
function roomDifferences(from: SubjectShown, to: SubjectShown): readonly Difference[] {
  if (from.kind !== 'account' || to.kind !== 'account') return [];
  const [old, next] = [from, to].map(({ rooms }) => new Set(rooms.map(({ id }) => id)));
  return [
    ...[...(old ?? [])].filter((id) => next?.has(id) !== true).map((id) => entry(id, 'removed')),
    ...[...(next ?? [])].filter((id) => old?.has(id) !== true).map((id) => entry(id, 'added')),
  ];
}

const entry = (id: string, change: 'added' | 'removed'): Difference => ({
  fact: 'rooms',
  change,
  from: change === 'removed' ? id : null,
  to: change === 'added' ? id : null,
});
