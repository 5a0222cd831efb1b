// Who is logged in at this terminal, as the profile remembers it. A disk that fails costs the next start, not this run.

import { nkeyFromKey } from '../../../core/bus/credentials/nkey.js';
import { messageOf } from '../../../core/errors.js';
import { type DeviceId, deviceIdSchema } from '../../../core/ids.js';
import type { SigningKey } from '../../../core/keys.js';
import type { Log } from '../../../core/log.js';
import type { Profile } from '../../profile/profile.js';
import type { Enrolment } from '../../profile/record.js';
import type { Identity } from '../port.js';

export interface Memory {
  readonly device: DeviceId;
  readonly enrolment: Enrolment | null;
  readonly identity: Identity | null;
  /** While nobody is logged in: why, as a sentence. */
  readonly whyNobody: string;
  /** Resolves with a warning for the user when the profile could not be written. */
  remember(enrolment: Enrolment): Promise<string | null>;
  /** The account has another name now. */
  rename(username: string): Promise<void>;
  forget(reason: string): Promise<void>;
}

interface Spelled {
  readonly key: SigningKey;
  readonly device: DeviceId;
}

const spell = (key: SigningKey): Spelled => ({
  key,
  device: deviceIdSchema.parse(nkeyFromKey('user', key).publicKey),
});

const NOBODY = 'Nobody is logged in here.';

export function createMemory(profile: Profile, log: Log): Memory {
  let whyNobody = NOBODY;
  // Asked for with each message, and spelled out again only when the key is another one.
  let spelled = spell(profile.device);
  const device = (): DeviceId => {
    if (spelled.key !== profile.device) spelled = spell(profile.device);
    return spelled.device;
  };
  const written = async (writing: Promise<void>): Promise<string | null> => {
    try {
      await writing;
      return null;
    } catch (error) {
      log.error({ err: error, folder: profile.folder }, 'the profile cannot be written');
      return `The profile in ${profile.folder} cannot be written (${messageOf(error)}): after a restart you have to log in again.`;
    }
  };
  return {
    get device() {
      return device();
    },
    get enrolment() {
      return profile.enrolment;
    },
    get identity() {
      if (profile.enrolment === null) return null;
      const { account, username } = profile.enrolment;
      return { account, username, device: device() };
    },
    get whyNobody() {
      return whyNobody;
    },
    remember: (enrolment) => written(profile.enrol(enrolment)),
    async rename(username) {
      const { enrolment } = profile;
      if (enrolment === null || enrolment.username === username) return;
      await written(profile.enrol({ ...enrolment, username }));
    },
    async forget(reason) {
      whyNobody = reason;
      await written(profile.forget());
    },
  };
}
