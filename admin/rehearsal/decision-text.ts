// The decision about a command as text: its events with the names of the moment, or the reason why it has no events.
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';
import type { Names } from '../subject/names.js';
import { payloadText } from '../text/payload.js';
import type { DecidedEvent } from './outcome.js';
import type { Mismatch } from './rehearse.js';
import type { Fate } from './what-if/ruling.js';

type WithoutEvents = Exclude<Mismatch['now'] | Fate, { readonly kind: 'recorded' }>;

/** The name of a sender at a position; `the tracker or the operator` if no account sent the command. */
export async function senderText(account: string | null, names: Names, position: number): Promise<string> {
  if (account === null) return 'the tracker or the operator';
  const name = await names.ofAccount(account, position);
  return name === null ? account : `@${name}`;
}

export async function eventLines(
  events: readonly DecidedEvent[],
  names: Names,
  position: number,
): Promise<readonly string[]> {
  return Promise.all(
    events.map(async ({ type, payload }) =>
      sanitiseLine(`${type}  ${await payloadText(names, payload, position)}`),
    ),
  );
}

/** A decision without events as text. */
export function outcomeText(now: WithoutEvents): string {
  switch (now.kind) {
    case 'refused':
      return sanitiseLine(`refused: ${now.reason}`);
    case 'notSent':
      return now.because === 'dropped' ? 'not sent' : 'not sent, because its cause does not happen';
    case 'nothing':
      return 'nothing to do';
    case 'failed':
      return sanitiseLine(`cannot be decided: ${now.reason}`);
    case 'unreadable':
      return sanitiseLine(`cannot be applied: ${now.reason}`);
  }
}
