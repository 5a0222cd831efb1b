// Decides several commands together, each on the state that the earlier ones produce, so that one append can hold all
// their events.
import type { AnyMachineSnapshot } from 'xstate';
import type { NewReceipt } from '../events/store.js';
import type { Aggregate, Refusal } from './aggregate.js';
import { decide } from './machine.js';
import type { CommandOf, DomainEventOf } from './record.js';

interface Foldable {
  readonly command: CommandOf<Aggregate['machine']>;
  readonly receipt?: NewReceipt;
}

/** The outcome of one command; `events` is empty if there is nothing to do. */
export type Step =
  | { readonly kind: 'accepted'; readonly events: readonly DomainEventOf<Aggregate['machine']>[] }
  | ({ readonly kind: 'refused' } & Refusal)
  /** The machine has a defect, or does not know the command. */
  | { readonly kind: 'failed'; readonly error: unknown };

/** The outcomes of several commands in order. `next` is the state after all their events. */
export interface Steps {
  readonly steps: readonly Step[];
  readonly next: AnyMachineSnapshot;
}

/** Decides the commands in order. A refused or failed command does not affect later commands. */
export function decideAll(
  aggregate: Aggregate,
  snapshot: AnyMachineSnapshot,
  requests: readonly Foldable[],
): Steps {
  let next = snapshot;
  const steps = requests.map(({ command }): Step => {
    try {
      const decision = decide(aggregate, next, command);
      if (decision.kind === 'refused') return decision;
      if (decision.kind === 'nothing') return { kind: 'accepted', events: [] };
      ({ next } = decision);
      return { kind: 'accepted', events: decision.events };
    } catch (error) {
      return { kind: 'failed', error };
    }
  });
  return { steps, next };
}

/**
 * Splits requests into groups of successive requests without a repeated command id. A repetition must wait for the receipt of the
 * first request.
 */
export function withoutRepeats<Request extends Foldable>(
  requests: readonly Request[],
): readonly (readonly Request[])[] {
  const runs: Request[][] = [];
  let seen = new Set<string>();
  for (const request of requests) {
    const { receipt } = request;
    const key = receipt && JSON.stringify([receipt.scope, receipt.commandId]);
    const run = runs.at(-1);
    if (run === undefined || (key !== undefined && seen.has(key))) {
      runs.push([request]);
      seen = new Set();
    } else run.push(request);
    if (key !== undefined) seen.add(key);
  }
  return runs;
}
