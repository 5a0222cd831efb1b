// Several commands decided as one: each on the state that those before it lead to, so that one append can hold them all.
import type { AnyMachineSnapshot } from 'xstate';
import type { NewReceipt } from '../events/store.js';
import type { Aggregate, Refusal } from './aggregate.js';
import { decide } from './machine.js';
import type { CommandOf, DomainEventOf } from './record.js';

interface Foldable {
  readonly command: CommandOf<Aggregate['machine']>;
  readonly receipt?: NewReceipt;
}

/** What one of the commands does; `events` is empty if there is nothing to do. */
export type Step =
  | { readonly kind: 'accepted'; readonly events: readonly DomainEventOf<Aggregate['machine']>[] }
  | ({ readonly kind: 'refused' } & Refusal)
  /** The machine is at fault, or the command is none of its own. */
  | { readonly kind: 'failed'; readonly error: unknown };

/** What several commands do, one after the other; `next` is the state that evolving by the events of all of them gives. */
export interface Steps {
  readonly steps: readonly Step[];
  readonly next: AnyMachineSnapshot;
}

/** Decides the commands in order; one that is refused or fails changes nothing for those after it. */
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

/** Cuts requests into runs in which no command id comes twice: the second has to wait for what the first one's receipt says. */
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
