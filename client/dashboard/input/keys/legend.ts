// What keys do here, in a few words, by the keys as they are bound. What has no key is left out.
import { type Action, type Bindings, keyWords } from './bindings.js';

/** Some actions, and what they do together: `↑ ↓ choose`. */
export interface Legend {
  readonly actions: readonly Action[];
  readonly effect: string;
}

export function legend(effect: string, ...actions: readonly Action[]): Legend {
  return { actions, effect };
}

/** `↑ ↓ choose · Enter does it`. */
export function legendText(legends: readonly Legend[], bindings: Bindings): string {
  return legends
    .flatMap(({ actions, effect }) => {
      const keys = actions.flatMap((action) => keyOf(action, bindings) ?? []);
      return keys.length === 0 ? [] : [`${keys.join(' ')} ${effect}`];
    })
    .join(' · ');
}

const known = new WeakMap<Bindings, Map<Action, string | null>>();

/** The first key of an action as it stands on a keyboard; null without one. */
export function keyOf(action: Action, bindings: Bindings): string | null {
  const keys = known.get(bindings) ?? new Map<Action, string | null>();
  const found = keys.get(action);
  if (found !== undefined) return found;
  const [key] = bindings.keysOf(action);
  const words = key === undefined ? null : keyWords(key);
  known.set(bindings, keys.set(action, words));
  return words;
}
