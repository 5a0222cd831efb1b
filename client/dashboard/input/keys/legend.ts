// The legend of keys: a short text that names the keys for some actions, according to the key bindings. Actions without a key are
// omitted.
import { keyLabel } from '../../../../screen/keys/label.js';
import type { Action, Bindings } from './bindings.js';

/** Some actions and their common effect: `↑ ↓ select`. */
export interface Legend {
  readonly actions: readonly Action[];
  readonly effect: string;
}

export function legend(effect: string, ...actions: readonly Action[]): Legend {
  return { actions, effect };
}

/** The legends in one line: `↑ ↓ select · Enter choose`. */
export function legendText(legends: readonly Legend[], bindings: Bindings): string {
  return legends
    .flatMap(({ actions, effect }) => {
      const keys = actions.flatMap((action) => keyOf(action, bindings) ?? []);
      return keys.length === 0 ? [] : [`${keys.join(' ')} ${effect}`];
    })
    .join(' · ');
}

const known = new WeakMap<Bindings, Map<Action, string | null>>();

/** The label of the first key of an action; null without a key. */
export function keyOf(action: Action, bindings: Bindings): string | null {
  const keys = known.get(bindings) ?? new Map<Action, string | null>();
  const found = keys.get(action);
  if (found !== undefined) return found;
  const [key] = bindings.keysOf(action);
  const words = key === undefined ? null : keyLabel(key);
  known.set(bindings, keys.set(action, words));
  return words;
}
