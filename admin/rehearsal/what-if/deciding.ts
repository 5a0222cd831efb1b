// The decision about one command in a changed history. It changes no state but the unique names that an accepted command claims.
import { addressOf } from '../../../core/actor/aggregate.js';
import type { CommandStep } from '../../log/commands.js';
import { aggregateOf } from '../../state/aggregates.js';
import { apply } from '../../state/state.js';
import { decideAgain } from '../outcome.js';
import type { Facts } from './facts.js';
import { type Decided, refused, type Sending } from './ruling.js';
import { claimsOf } from './source.js';
import { reservationsOf, type UniqueNames } from './unique-names.js';
import type { Worlds } from './worlds.js';

export interface Deciding {
  /** A command of the log. It needs a state only if something that it depends on differs. */
  stored(sending: Sending, steps: readonly CommandStep[]): Promise<Decided>;
  /** Events without a recorded command happen as they did if they can. */
  withoutCommand(stream: string, steps: readonly CommandStep[]): Promise<Decided>;
  /** A command that the log does not have. */
  extra(sending: Sending): Promise<Decided>;
}

export interface DecidingParts {
  readonly worlds: Worlds;
  readonly names: UniqueNames;
  readonly facts: Facts;
  readonly hasRules: boolean;
}

export function createDeciding({ worlds, names, facts, hasRules }: DecidingParts): Deciding {
  async function stored(sending: Sending, steps: readonly CommandStep[]): Promise<Decided> {
    const { stream, command, texts, origin, position, recordedAt } = sending;
    const refusal = facts.refusalOf(command, origin);
    if (refusal !== null) return { stream, fate: refusal, texts: [], now: null };
    const reached = await facts.streamOf(stream, command, origin, position);
    if (reached === null) return refused(stream, 'ROOM_NOT_FOUND');
    const adapted = await facts.adapted(reached, command, texts, {
      position,
      recordedAt,
      realStream: stream,
    });
    const isUnchanged = reached === stream && adapted === command && worlds.differing(stream) === null;
    if (isUnchanged && !hasRules) return asStored(stream, steps, recordedAt);
    return decideIn(reached, { ...sending, command: adapted });
  }

  /** The stored decision, unless a unique name is taken in the changed history. */
  function asStored(stream: string, steps: readonly CommandStep[], recordedAt: number): Decided {
    const taken = names.take(claimsOf(steps), recordedAt);
    const aggregate = aggregateOf(stream);
    if (taken !== null && aggregate !== null) return refused(stream, aggregate.reserved(taken).reason);
    const events = steps.map(({ type, payload }) => ({ type, payload }));
    return {
      stream,
      fate: { kind: 'recorded', events },
      texts: steps.map(({ personal }) => personal),
      now: null,
    };
  }

  async function decideIn(
    stream: string,
    { command, texts, position, recordedAt }: Sending,
  ): Promise<Decided> {
    const pair = await worlds.before(stream, position);
    const id = addressOf(stream)?.id;
    if (pair === null || id === undefined) return refused(stream, 'UNREADABLE');
    const { now } = pair;
    const decided = decideAgain(now, command, texts);
    const { outcome } = decided;
    if (outcome.kind !== 'recorded') return { stream, fate: outcome, texts: [], now };
    const claims = outcome.events.flatMap((event, index) =>
      reservationsOf(now.aggregate, event, decided.texts[index] ?? null, id),
    );
    const taken = names.take(claims, recordedAt);
    if (taken !== null) return { ...refused(stream, now.aggregate.reserved(taken).reason), now };
    const version = now.version + outcome.events.length;
    return {
      stream,
      fate: outcome,
      texts: decided.texts,
      now: { ...now, version, position, snapshot: decided.snapshot },
    };
  }

  async function withoutCommand(stream: string, steps: readonly CommandStep[]): Promise<Decided> {
    const pair = worlds.differing(stream);
    const unchanged = asStored(stream, steps, steps[0]?.recordedAt ?? 0);
    if (pair === null || unchanged.fate.kind !== 'recorded') return unchanged;
    let { now } = pair;
    for (const step of steps) {
      const applied = apply(now, { ...step, version: now.version + 1 });
      if ('reason' in applied)
        return { stream, fate: { kind: 'failed', reason: applied.reason }, texts: [], now: pair.now };
      now = applied.state;
    }
    return { ...unchanged, now };
  }

  async function extra(sending: Sending): Promise<Decided> {
    const { stream, command, texts, origin, position, recordedAt } = sending;
    const refusal = facts.refusalOf(command, origin);
    if (refusal !== null) return { stream, fate: refusal, texts: [], now: null };
    const sent = { position, recordedAt, realStream: null };
    return decideIn(stream, { ...sending, command: await facts.adapted(stream, command, texts, sent) });
  }

  return { stored, withoutCommand, extra };
}
