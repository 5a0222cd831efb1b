// What keys do here, in a few words, by the keys as they are bound. What has no key is left out.
import { type Action, type Bindings, keyWords } from './bindings.js';

/** Some actions, and what they do together: `↑ ↓ choose`. */
export interface Legend {
  readonly actions: readonly Action[];
  readonly does: string;
}

export function legend(does: string, ...actions: readonly Action[]): Legend {
  return { actions, does };
}

/** `↑ ↓ choose · Enter does it`. */
export function legendText(legends: readonly Legend[], bindings: Bindings): string {
  return legends
    .flatMap(({ actions, does }) => {
      const keys = actions.flatMap((action) => keyOf(action, bindings) ?? []);
      return keys.length === 0 ? [] : [`${keys.join(' ')} ${does}`];
    })
    .join(' · ');
}

/** The first key of an action as it stands on a keyboard; null without one. */
export function keyOf(action: Action, bindings: Bindings): string | null {
  const [key] = bindings.keysOf(action);
  return key === undefined ? null : keyWords(key);
}
