// The changes of a what-if: events that did not happen, commands that were sent in addition, and other rules.
import type { JsonObject } from '../../../core/json.js';
import type { CommandBody } from '../outcome.js';
import type { Rules } from './rules.js';

/** A command that the log does not have. */
export interface Insert {
  /** It acts before the event at this position; the position after the last event is the end of the log. */
  readonly before: number;
  readonly stream: string;
  /** The account that sends it; null for the operator. */
  readonly sender: string | null;
  /** Without the facts that depend on the moment, such as the number of rooms of the account. */
  readonly command: CommandBody;
  readonly texts: JsonObject;
}

export interface Changes {
  /** The commands that recorded the events at these positions are not sent. */
  readonly drops: ReadonlySet<number>;
  /** In the order in which they act. */
  readonly inserts: readonly Insert[];
  readonly rules: Rules;
}

/** The position of the first event that a change may affect. */
export function firstAffected({ drops, inserts, rules }: Changes): number {
  if (Object.keys(rules).length > 0) return 1;
  return Math.min(...drops, ...inserts.map(({ before }) => before));
}
