// The state of an aggregate as it is kept, and as it is taken up again. It knows not where it is kept.
import type { AnyMachineSnapshot, StateValue } from 'xstate';
import { z } from 'zod';
import type { JsonObject } from '../json.js';
import type { Aggregate } from './aggregate.js';

/** A state as a snapshot keeps it. */
export const persisted = ({ value, context }: AnyMachineSnapshot): JsonObject => ({ value, context });

const persistedState = z.object({
  value: z.union([z.string(), z.record(z.string(), z.json())]),
  context: z.record(z.string(), z.json()),
});

/** The state that the same version of the machine persisted; null if it is none of its states. */
export function restored({ machine }: Aggregate, state: JsonObject): AnyMachineSnapshot | null {
  const parsed = persistedState.safeParse(state);
  if (!parsed.success) return null;
  const { value, context } = parsed.data;
  try {
    // XState checks the value itself, by throwing.
    return machine.resolveState({ value: value as StateValue, context });
  } catch {
    return null;
  }
}
