// The facts of a room's or an account's state that others depend on, read from the states of their machines.
import { isDeepStrictEqual } from 'node:util';
import type { MachineState } from '../../state/state.js';

/** `open` for an open room, also while it is unattended; `active` for an account. */
export function phaseOf({ snapshot }: MachineState): string {
  const { value }: { readonly value: unknown } = snapshot;
  if (typeof value === 'string') return value;
  return Object.keys(value ?? {})[0] ?? '';
}

export type ListName = 'members' | 'admins' | 'devices' | 'banned' | 'invited';

/** A list of the state; empty if this kind of state has none. */
export function listOf({ snapshot }: MachineState, name: ListName): readonly string[] {
  const { context }: { readonly context: Readonly<Record<string, unknown>> } = snapshot;
  const list = context[name];
  return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : [];
}

/** Whether two states of a stream are equal, whatever events led to them. */
export function isSame(one: MachineState, other: MachineState): boolean {
  const [a, b]: readonly { readonly value: unknown; readonly context: unknown }[] = [
    one.snapshot,
    other.snapshot,
  ];
  return isDeepStrictEqual([a?.value, a?.context], [b?.value, b?.context]);
}
