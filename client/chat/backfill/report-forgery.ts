// Names who has passed on what its author never said, for all to see.
import type { Log } from '../../../core/log.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import type { Peer, Tell } from '../peers/peers.js';
import type { People } from '../people/people.js';
import type { Why } from '../diagnostics/why.js';

const REMEDY =
  'Nothing was taken from it that its author has not signed. Ask whose terminal it is: it may be broken, or not theirs.';

export interface ForgeryReportParts {
  readonly people: Pick<People, 'nameOf'>;
  readonly why: Why;
  readonly tell: Tell;
  readonly log: Log;
}

/** `how`: the rest of a sentence about the message. */
export function createForgeryReport({
  people,
  why,
  tell,
  log,
}: ForgeryReportParts): (peer: Peer, how: string) => void {
  return ({ account, device, carrier, state }, how) => {
    const name = people.nameOf(account);
    const reason = sanitiseLine(`The terminal of ${name} passed on a forged message: ${how}.`);
    log.warn({ device, how }, 'a forged message was refused');
    why.note({ event: 'forged message', by: name, reason, remedy: REMEDY });
    tell('link', { peer: name, device, link: carrier, state, reason });
  };
}
