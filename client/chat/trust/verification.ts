// What a user can do to be sure who is at the other end: compare the safety codes of the terminals, and say that they agree.
import type { Clock } from '../../../core/time/clock.js';
import type { DeviceId } from '../../../core/ids.js';
import type { KnownDevice } from '../../history/port.js';
import type { Identity } from '../../session/port.js';
import type { Outcome } from '../events.js';
import { outcome } from '../outcome.js';
import type { Peers } from '../peers/peers.js';
import type { People } from '../people/people.js';
import type { Pins } from './pins.js';
import { safetyCode } from './safety-code.js';

export interface VerificationParts {
  readonly pins: Pins;
  readonly people: People;
  readonly peers: Pick<Peers, 'openOf'>;
  readonly clock: Clock;
  readonly identity: () => Identity | null;
}

/** Shows the codes of a person's terminals, or with `isSame` marks those that were shown as compared. */
export type Verify = (username: string, isSame: boolean) => Promise<Outcome>;

export function createVerification(parts: VerificationParts): Verify {
  const { pins, people, peers, clock } = parts;
  /** The devices whose codes the user has seen: nothing else is what they say agrees. */
  const shown = new Set<DeviceId>();

  async function mark(username: string, devices: readonly KnownDevice[]): Promise<Outcome> {
    const seen = devices.filter(({ device }) => shown.has(device));
    if (seen.length === 0) {
      const message = `Compare first: /verify ${username} shows the code, and ${username} must see the same one.`;
      return outcome(3, 'INVALID_COMMAND', { message });
    }
    await pins.verified(seen, clock.now());
    const unseen = devices.length - seen.length;
    const left = unseen === 0 ? '' : ` ${unseen} of their terminals came since and is not compared.`;
    const message = `${username} is verified.${left}`;
    return outcome(5, 'DONE', { message, data: { username, verified: unseen === 0 } });
  }

  return async (written, isSame) => {
    const me = parts.identity();
    if (me === null) return outcome(1, 'NOT_LOGGED_IN');
    const account = people.find(written);
    const devices = account === undefined ? [] : pins.of(account);
    if (account === undefined || devices.length === 0) {
      const message = `No terminal of ${written} has been introduced to this one. Use /msg ${written} while they are online.`;
      return outcome(3, 'INVALID_COMMAND', { message });
    }
    if (account === me.account) {
      return outcome(3, 'INVALID_COMMAND', { message: 'That is you: /devices lists your terminals.' });
    }
    const username = people.nameOf(account);
    if (isSame) return mark(username, devices);
    const linked = new Set(peers.openOf(account).map(({ device }) => device));
    const codes = devices.map((pin) => ({
      code: safetyCode(pin, me),
      linked: linked.has(pin.device),
      introduced: new Date(pin.introducedAt).toISOString(),
      verified: pin.verifiedAt !== null,
    }));
    for (const { device } of devices) shown.add(device);
    const message =
      `${username} must see the same code with /verify ${me.username}. Compare it face to face or on the phone, not here; ` +
      `then write /verify ${username} ok. A code that differs means that somebody stands between you.`;
    return outcome(5, 'DONE', { message, data: { username, codes } });
  };
}
