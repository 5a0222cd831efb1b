// Reports of forged messages: a peer sent or passed on a message that its author did not sign. The user gets a warning, and `/why`
// explains it. Each device is reported once until its link opens again.
import type { DeviceId } from '../../../core/ids.js';
import type { Log } from '../../../core/log.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import type { Clock } from '../../../core/time/clock.js';
import type { Why } from '../diagnostics/why.js';
import type { Tell } from '../events.js';
import type { Peer, Peers } from '../peers/peers.js';
import type { People } from '../people/people.js';

const TYPE = 'Forgery';
const REMEDY =
  'This terminal did not accept the message. Warn the owner of the other terminal: it may be broken or in the hands of somebody else.';

export interface ForgeryReportParts {
  readonly people: Pick<People, 'nameOf'>;
  readonly peers: Pick<Peers, 'events'>;
  readonly why: Pick<Why, 'note'>;
  readonly tell: Tell;
  readonly clock: Clock;
  readonly log: Log;
}

/** `fault`: the error in the message, as the end of a sentence about it. */
export type ReportForgery = (peer: Peer, how: 'sent' | 'passed on', fault: string) => void;

export function createForgeryReport(parts: ForgeryReportParts): ReportForgery {
  const { people, peers, why, tell, clock, log } = parts;
  const reported = new Set<DeviceId>();
  for (const name of ['opened', 'restarted'] as const) {
    peers.events.on(name, ({ device }) => void reported.delete(device));
  }
  peers.events.on('forgotten', (device) => void reported.delete(device));
  return ({ account, device }, how, fault) => {
    log.warn({ device, how, fault }, 'a forged message was refused');
    if (reported.has(device)) return;
    reported.add(device);
    const peer = people.nameOf(account);
    const reason = sanitiseLine(`The terminal of ${peer} ${how} a forged message: ${fault}.`);
    why.note({ event: TYPE, by: peer, reason, remedy: REMEDY });
    tell('warning', { type: TYPE, peer, message: `${reason} ${REMEDY}`, at: clock.now() });
  };
}
