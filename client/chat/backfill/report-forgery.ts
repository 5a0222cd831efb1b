// Reports of peers that passed on a message its author never signed: shown to the user and kept for `/why`.
import type { Log } from '../../../core/log.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import type { Why } from '../diagnostics/why.js';
import type { Tell } from '../events.js';
import type { Peer } from '../peers/peers.js';
import type { People } from '../people/people.js';

const REMEDY =
  'This terminal took nothing that its author did not sign. Ask the owner of that terminal: it may be broken or in the hands of somebody else.';

export interface ForgeryReportParts {
  readonly people: Pick<People, 'nameOf'>;
  readonly why: Pick<Why, 'note'>;
  readonly tell: Tell;
  readonly log: Log;
}

/** `fault`: what is wrong with the message, as the end of a sentence about it. */
export type ReportForgery = (peer: Peer, fault: string) => void;

export function createForgeryReport({ people, why, tell, log }: ForgeryReportParts): ReportForgery {
  return ({ account, device, carrier, state }, fault) => {
    const name = people.nameOf(account);
    const reason = sanitiseLine(`The terminal of ${name} passed on a forged message: ${fault}.`);
    log.warn({ device, fault }, 'a forged message was refused');
    why.note({ event: 'forged message', by: name, reason, remedy: REMEDY });
    tell('link', { peer: name, device, link: carrier, state, reason });
  };
}
