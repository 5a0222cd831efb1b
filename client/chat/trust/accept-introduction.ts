// Acceptance of introductions: a credible introduction pins its device and teaches its name. Refused introductions, new devices
// and moved devices are reported. Opens no link.
import type { AccountId, DeviceId } from '../../../core/ids.js';
import type { Log } from '../../../core/log.js';
import type { Signed } from '../../../core/protocol/signed/signed.js';
import type { Introduction } from '../../../core/protocol/signed/statements.js';
import type { Clock } from '../../../core/time/clock.js';
import type { ReportLinkTrouble } from '../diagnostics/link-trouble.js';
import type { Why } from '../diagnostics/why.js';
import type { Tell, Warning } from '../events.js';
import type { People } from '../people/people.js';
import type { Enrolments } from './enrolments.js';
import { faultSentence } from '../witness/fault.js';
import type { Witness } from '../witness/witness.js';
import { readIntroduction } from './introductions.js';
import type { Pins } from './pins.js';

export interface AcceptIntroductionParts {
  /** The tracker's signing key, 32 bytes. */
  readonly trackerKey: Buffer;
  readonly pins: Pins;
  readonly enrolments: Pick<Enrolments, 'ownerOf' | 'shown'>;
  readonly people: Pick<People, 'isContradicted' | 'learn' | 'nameOf'>;
  readonly witness: Pick<Witness, 'fault'>;
  /** The account logged in at this terminal; null before a login. */
  readonly me: () => AccountId | null;
  readonly clock: Clock;
  readonly why: Pick<Why, 'note'>;
  readonly reportTrouble: ReportLinkTrouble;
  readonly tell: Tell;
  readonly log: Log;
}

export interface AcceptedIntroduction {
  readonly introduction: Introduction;
  /** The key of the introduced device, 32 bytes. */
  readonly publicKey: Buffer;
}

/**
 * Takes an introduction addressed to `device`, the device of this terminal. `asked`: the username that was asked for, if any.
 * Resolves with null if the introduction was refused or is for another terminal.
 */
export type AcceptIntroduction = (
  signed: Signed,
  device: DeviceId,
  asked: string | null,
) => Promise<AcceptedIntroduction | null>;

export function createAcceptIntroduction(parts: AcceptIntroductionParts): AcceptIntroduction {
  const { trackerKey, pins, enrolments, people, why, reportTrouble, tell, log } = parts;
  const introducedBy = trackerKey.toString('hex');

  function warn(type: Warning['type'], peer: string, message: string, remedy: string): void {
    tell('warning', { type, peer, message: `${message} ${remedy}`, at: parts.clock.now() });
    why.note({ event: type, by: peer, reason: message, remedy });
  }

  function warnOfNewDevice(account: AccountId, wasVerified: boolean): void {
    const name = people.nameOf(account);
    if (account === parts.me()) {
      const message = 'Your account uses a terminal that this one has not seen before.';
      return warn(
        'NewDevice',
        name,
        message,
        'If the new terminal is not yours, log it out with /devices revoke.',
      );
    }
    const verified = wasVerified ? ` Your verification of ${name} does not cover it.` : '';
    const message = `${name} uses a terminal that this one has not seen before.${verified} It may belong to somebody who poses as ${name}.`;
    warn('NewDevice', name, message, `Compare codes with /verify ${name}.`);
  }

  function warnOfMovedDevice(claimed: string, account: AccountId): void {
    const owner = people.nameOf(account);
    const message = `The tracker assigned a terminal of ${owner} to ${claimed}. This terminal refused the change: it still counts that terminal as one of ${owner}.`;
    warn('DeviceMoved', claimed, message, 'Ask the operator of the tracker what happened.');
  }

  return async (signed, device, asked) => {
    const { ownerOf } = enrolments;
    const read = readIntroduction(signed, { trackerKey, device, people, ownerOf, asked });
    if ('isForAnother' in read) return null;
    if ('refusal' in read) {
      log.warn({ claimed: read.claimed, refusal: read.refusal }, 'an introduction was refused');
      reportTrouble({ peer: read.claimed, link: 'tcp', state: 'closed', reason: read.refusal });
      if (read.pinnedTo !== undefined) warnOfMovedDevice(read.claimed, read.pinnedTo);
      return null;
    }
    const { peer, at, enrolment } = read.introduction;
    if (parts.witness.fault !== null && pins.get(peer.device) === undefined) {
      log.warn({ device: peer.device }, 'a new device was refused: the history of the tracker is broken');
      const reason = faultSentence(parts.witness.fault.kind);
      reportTrouble({ peer: people.nameOf(peer.account), link: 'tcp', state: 'closed', reason });
      return null;
    }
    const wasVerified = pins.isVerified(peer.account);
    const pin = { device: peer.device, account: peer.account, introducedAt: at, introducedBy };
    // Stored in one commit. The pin is first, so that no enrolment can contradict it.
    const [novelty] = await Promise.all([
      pins.pin(pin, peer.devices ?? []),
      enrolment === undefined ? null : enrolments.shown(enrolment),
      people.learn([peer]),
    ]);
    if (novelty === 'another') warnOfNewDevice(peer.account, wasVerified);
    return { introduction: read.introduction, publicKey: read.publicKey };
  };
}
