// The actions that verify a person: show the safety codes of their terminals, and mark those that the user has compared.
import type { Clock } from '../../../core/time/clock.js';
import type { AccountId, DeviceId } from '../../../core/ids.js';
import type { KnownDevice } from '../../history/port.js';
import type { Identity } from '../../session/port.js';
import { type Outcome, refusal, success } from '../outcome.js';
import type { Peers } from '../peers/peers.js';
import type { People } from '../people/people.js';
import type { ChatActions } from '../port.js';
import type { Pins } from './pins.js';
import { safetyCode } from './safety-code.js';

export interface VerificationParts {
  readonly pins: Pins;
  readonly people: People;
  readonly peers: Pick<Peers, 'openOf'>;
  readonly clock: Clock;
  readonly identity: () => Identity | null;
}

export type VerificationActions = Pick<ChatActions, 'safetyCodes' | 'verify'>;

/** A person other than the user, with the person's pinned terminals. */
interface Subject {
  readonly me: Identity;
  readonly account: AccountId;
  readonly username: string;
  readonly devices: readonly KnownDevice[];
}

export function createVerification(parts: VerificationParts): VerificationActions {
  const { pins, people, peers, clock } = parts;
  /** The devices whose codes were shown to the user. Only these can be marked as compared. */
  const shown = new Set<DeviceId>();

  function subjectOf(written: string): Outcome<Subject> {
    const me = parts.identity();
    if (me === null) return refusal(1, 'NOT_LOGGED_IN');
    const account = people.find(written);
    const devices = account === undefined ? [] : pins.of(account);
    if (account === undefined || devices.length === 0) {
      const message = `No terminal of ${written} has been introduced to this one. Use /msg ${written} while they are online.`;
      return refusal(3, 'INVALID_COMMAND', message);
    }
    if (account === me.account) {
      return refusal(3, 'INVALID_COMMAND', 'That is you: /devices lists your terminals.');
    }
    return success(5, 'DONE', { me, account, username: people.nameOf(account), devices });
  }

  return {
    async safetyCodes(written) {
      const subject = subjectOf(written);
      if (!subject.isOk) return subject;
      const { me, account, username, devices } = subject.data;
      const linked = new Set(peers.openOf(account).map(({ device }) => device));
      const codes = devices.map((pin) => ({
        code: safetyCode(pin, me),
        isLinked: linked.has(pin.device),
        introducedAt: pin.introducedAt,
        isVerified: pin.verifiedAt !== null,
      }));
      for (const { device } of devices) shown.add(device);
      const message =
        `${username} must see the same code with /verify ${me.username}. Compare it face to face or on the phone, not here. ` +
        `Then enter /verify ${username} ok. If the codes differ, somebody intercepts your connection.`;
      return success(5, 'DONE', { username, codes }, message);
    },
    async verify(written) {
      const subject = subjectOf(written);
      if (!subject.isOk) return subject;
      const { username, devices } = subject.data;
      const seen = devices.filter(({ device }) => shown.has(device));
      if (seen.length === 0) {
        const message = `Compare first: /verify ${username} shows the code, and ${username} must see the same one.`;
        return refusal(3, 'INVALID_COMMAND', message);
      }
      await pins.verified(seen, clock.now());
      const unseen = devices.length - seen.length;
      const left = unseen === 0 ? '' : ` Newer terminals not compared yet: ${unseen}.`;
      return success(5, 'DONE', { username, isVerified: unseen === 0 }, `${username} is verified.${left}`);
    },
  };
}
