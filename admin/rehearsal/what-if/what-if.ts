// The recorded commands of a log, decided again in its order under a changed history or other rules, in memory only. Rooms and accounts
// that nothing changes keep their stored decisions.
import type { JsonObject } from '../../../core/json.js';
import type { CommandStep, RecordedCommand } from '../../log/commands.js';
import { aggregateOf } from '../../state/aggregates.js';
import { apply, emptyState, type MachineState } from '../../state/state.js';
import { type Audience, createAudience } from './audience.js';
import { type Changes, firstAffected, type Insert } from './changes.js';
import { listOf } from './contexts.js';
import { createDeciding } from './deciding.js';
import { createFacts } from './facts.js';
import {
  type Decided,
  isAsStored,
  type Ruling,
  type Sending,
  textsOf,
  topicIn,
  TRACKER,
  unmatched,
  unsent,
} from './ruling.js';
import type { History } from './source.js';
import { createUniqueNames } from './unique-names.js';
import { createWorlds, type Pair, type Worlds } from './worlds.js';

export interface WhatIf {
  /** All commands from the first affected position on. Read them to the end before the results. */
  rulings(): AsyncGenerator<Ruling, void>;
  readonly worlds: Pick<Worlds, 'all' | 'touched'>;
  readonly audience: Pick<Audience, 'differences'>;
  /** The topics of rooms whose topic differs from the real one at the end; null if unknown. */
  readonly topics: ReadonlyMap<string, string | null>;
  /** Reports of absent admins that were kept although other people lead the room. The log does not store who was online. */
  presumedAbsences(): number;
  /** The streams with an event that this version cannot apply. Their later commands keep their stored decisions. */
  readonly blocked: ReadonlySet<string>;
}

export function createWhatIf(history: History, changes: Changes): WhatIf {
  const { drops, rules } = changes;
  const hasRules = Object.keys(rules).length > 0;
  const worlds = createWorlds(history, hasRules);
  const names = createUniqueNames();
  const audience = createAudience();
  const topics = new Map<string, string | null>();
  const moreRooms = new Map<string, number>();
  const facts = createFacts({ history, worlds, names, rules, topics, moreRooms });
  const deciding = createDeciding({ worlds, names, facts, hasRules });
  /** The stored events, as stream and version, that do not happen. */
  const gone = new Set<string>();
  const blocked = new Set<string>();
  let presumedAbsences = 0;

  async function* rulings(): AsyncGenerator<Ruling, void> {
    const from = await history.commandStart(firstAffected(changes));
    for await (const claim of history.claimsBefore(from)) names.take(claim.changes, claim.recordedAt);
    const { inserts } = changes;
    let sent = 0;
    let recordedAt = 0;
    for await (const commands of history.commands(from - 1)) {
      for (const command of commands) {
        const [first] = command.steps;
        if (first === undefined) continue;
        ({ recordedAt } = first);
        for (; isDue(inserts[sent], first.position); sent += 1) yield* insert(inserts[sent], recordedAt);
        yield* recorded(command, first);
      }
    }
    for (const one of inserts.slice(sent)) yield* insert(one, recordedAt);
  }

  /** A command of the log: the real history follows its stored events, and the changed history follows the new decision. */
  async function* recorded(asked: RecordedCommand, first: CommandStep): AsyncGenerator<Ruling, void> {
    const { stream, command, origin, steps } = asked;
    const { position, recordedAt } = first;
    if (blocked.has(stream)) return;
    const sending = { position, recordedAt, source: 'log', stream, texts: textsOf(steps), origin } as const;
    const isDropped = steps.some((step) => drops.has(step.position));
    const hasCause = origin.causationId === null || !gone.has(origin.causationId);
    if (command?.type === 'AdminsAbsent') presumeAbsence(stream);
    const decided: Decided =
      isDropped || !hasCause
        ? unsent(stream, isDropped ? 'dropped' : 'noCause')
        : command === null
          ? await deciding.withoutCommand(stream, steps)
          : await deciding.stored({ ...sending, command }, steps);
    const isDifferent = !isAsStored(decided, stream, steps);
    if (isDifferent) for (const step of unmatched(decided, steps)) gone.add(`${stream}/${step.version}`);
    if (isDifferent || hasRules || worlds.differing(stream) !== null) {
      if (!(await advance(decided, stream, steps, position))) return;
    }
    const stored = steps.map(({ type, payload }) => ({ type, payload }));
    const sender = origin.account;
    yield {
      position,
      recordedAt,
      source: 'log',
      stream: decided.stream,
      command,
      sender,
      stored,
      fate: decided.fate,
      isDifferent,
    };
    yield* consequences(decided, sending, steps);
  }

  /** Moves both histories past a command of the log. False if this version cannot follow its room or account. */
  async function advance(
    decided: Decided,
    stream: string,
    steps: readonly CommandStep[],
    position: number,
  ): Promise<boolean> {
    const before = await pairBefore(stream, steps, position);
    if (before === null) {
      blocked.add(stream);
      return false;
    }
    let { real } = before;
    for (const step of steps) {
      const applied = apply(real, step);
      if ('reason' in applied) {
        blocked.add(stream);
        return false;
      }
      real = applied.state;
    }
    const stored = steps.map(({ type, payload }) => ({ type, payload }));
    audience.add(stored, before.real, real, -1);
    countRooms(before.real, real, -1);
    const isHere = decided.stream === stream;
    const happens = decided.fate.kind === 'recorded';
    const now = isHere && happens ? (decided.now ?? real) : before.now;
    for (const [index, { type }] of stored.entries()) {
      if (type === 'TopicChanged')
        await trackTopic(stream, position, decided, steps[index]?.personal ?? null);
    }
    worlds.settle(stream, { real, now }, position);
    if (isHere) enter(decided, before.now, now);
    else await enterElsewhere(decided, position);
    audience.settle();
    return true;
  }

  async function pairBefore(
    stream: string,
    steps: readonly CommandStep[],
    position: number,
  ): Promise<Pair | null> {
    const aggregate = steps[0]?.version === 1 ? aggregateOf(stream) : null;
    const known = worlds.differing(stream);
    if (known !== null || aggregate === null) return worlds.before(stream, position);
    const empty = emptyState(aggregate, stream);
    return { real: empty, now: empty };
  }

  /** Counts the events of the changed history. */
  function enter({ fate }: Decided, before: MachineState, after: MachineState): void {
    if (fate.kind !== 'recorded') return;
    audience.add(fate.events, before, after, 1);
    countRooms(before, after, 1);
  }

  /** Counts a command that reached another room than in the log, or that the log does not have. */
  async function enterElsewhere(decided: Decided, position: number): Promise<void> {
    const { stream, now, fate, texts } = decided;
    if (now === null || fate.kind !== 'recorded') return;
    const before = await worlds.before(stream, position);
    if (before === null) return;
    enter(decided, before.now, now);
    worlds.settle(stream, { real: before.real, now }, position);
    for (const [index, { type }] of fate.events.entries()) {
      if (type === 'TopicChanged') topics.set(stream, topicIn(texts[index] ?? null));
    }
  }

  /** Follows a topic that was changed in the real history. */
  async function trackTopic(
    stream: string,
    position: number,
    { stream: reached, fate, texts }: Decided,
    personal: JsonObject | null,
  ): Promise<void> {
    const real = topicIn(personal);
    const happens = reached === stream && fate.kind === 'recorded';
    const before = topics.has(stream) ? topics.get(stream) : await history.topicBefore(stream, position);
    const now = happens ? topicIn(texts[0] ?? null) : (before ?? null);
    if (now === real) topics.delete(stream);
    else topics.set(stream, now);
  }

  function countRooms(before: MachineState, after: MachineState, sign: 1 | -1): void {
    const [was, is] = [listOf(before, 'members'), listOf(after, 'members')];
    for (const account of new Set([...was, ...is])) {
      const change = Number(is.includes(account)) - Number(was.includes(account));
      const more = (moreRooms.get(account) ?? 0) + sign * change;
      if (more === 0) moreRooms.delete(account);
      else moreRooms.set(account, more);
    }
  }

  function presumeAbsence(stream: string): void {
    const pair = worlds.differing(stream);
    if (pair === null) return;
    const real = new Set(listOf(pair.real, 'admins'));
    if (listOf(pair.now, 'admins').some((admin) => !real.has(admin))) presumedAbsences += 1;
  }

  /** The tracker makes a disabled account leave its rooms. The log has the leaves that the real history needed. */
  async function* consequences(
    { fate }: Decided,
    { position, recordedAt }: Pick<Sending, 'position' | 'recordedAt'>,
    steps: readonly CommandStep[],
  ): AsyncGenerator<Ruling, void> {
    if (fate.kind !== 'recorded') return;
    const isReal = steps.some(({ type }) => type === 'AccountDisabled');
    for (const { type, payload } of fate.events) {
      const { account } = payload;
      if (type !== 'AccountDisabled' || typeof account !== 'string') continue;
      const real = new Set(await history.roomsBefore(account, position));
      const rooms = new Set([...real, ...worlds.all().keys()]);
      for (const room of [...rooms].toSorted()) {
        const pair = worlds.differing(room);
        const isMember = pair === null ? real.has(room) : listOf(pair.now, 'members').includes(account);
        if (!isMember || (isReal && real.has(room))) continue;
        const command = { type: 'LeaveRoom', account, because: 'disabled' };
        const sending = {
          position,
          recordedAt,
          source: 'consequence',
          stream: room,
          command,
          texts: {},
          origin: TRACKER,
        } as const;
        yield* extra(sending);
      }
    }
  }

  async function* insert(one: Insert | undefined, recordedAt: number): AsyncGenerator<Ruling, void> {
    if (one === undefined) return;
    const { before: position, stream, sender, command, texts } = one;
    const rooms = sender === null ? [] : await history.roomsBefore(sender, position);
    const counted = { ...command, ...('roomsOfAccount' in command ? { roomsOfAccount: rooms.length } : {}) };
    const origin = { ...TRACKER, account: sender };
    yield* extra({ position, recordedAt, source: 'inserted', stream, command: counted, texts, origin });
  }

  /** A command that the log does not have. */
  async function* extra(sending: Sending): AsyncGenerator<Ruling, void> {
    const { position, recordedAt, source, stream, command, origin } = sending;
    const decided = await deciding.extra(sending);
    await enterElsewhere(decided, position);
    audience.settle();
    const { fate } = decided;
    const sender = origin.account;
    yield { position, recordedAt, source, stream, command, sender, stored: null, fate, isDifferent: true };
    yield* consequences(decided, sending, []);
  }

  return { rulings, worlds, audience, topics, presumedAbsences: () => presumedAbsences, blocked };
}

const isDue = (insert: Insert | undefined, position: number): boolean =>
  insert !== undefined && insert.before <= position;
