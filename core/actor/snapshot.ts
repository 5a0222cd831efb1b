// The stored form of an aggregate's state, and its restoration. It does not access storage.
import type { AnyMachineSnapshot, StateValue } from 'xstate';
import { z } from 'zod';
import type { JsonObject } from '../json.js';
import type { Aggregate } from './aggregate.js';

/** The stored form of a state. */
export const persisted = ({ value, context }: AnyMachineSnapshot): JsonObject => ({ value, context });

const persistedState = z.object({
  value: z.union([z.string(), z.record(z.string(), z.json())]),
  context: z.record(z.string(), z.json()),
});

/** Restores a state that the same version of the machine stored; null if the machine has no such state. */
export function restored({ machine }: Aggregate, state: JsonObject): AnyMachineSnapshot | null {
  const parsed = persistedState.safeParse(state);
  if (!parsed.success) return null;
  const { value, context } = parsed.data;
  try {
    // XState validates the value itself and throws.
    return machine.resolveState({ value: value as StateValue, context });
  } catch {
    return null;
  }
}
