// The identity store: the device and the login of this terminal, backed by the profile. If the profile cannot be written, the
// login is lost when the program exits.

import { nkeyFromKey } from '../../../core/bus/credentials/nkey.js';
import { messageOf } from '../../../core/errors.js';
import { type DeviceId, deviceIdSchema } from '../../../core/ids.js';
import type { SigningKey } from '../../../core/keys.js';
import type { Log } from '../../../core/log.js';
import type { Profile } from '../../profile/profile.js';
import type { Enrolment } from '../../profile/record.js';
import type { Identity } from '../port.js';

export interface IdentityStore {
  readonly device: DeviceId;
  readonly enrolment: Enrolment | null;
  readonly identity: Identity | null;
  /** Why nobody is logged in, as a sentence. */
  readonly whyNobody: string;
  /** Resolves with a warning for the user when the profile could not be written. */
  remember(enrolment: Enrolment): Promise<string | null>;
  /** Stores the new name of the account. */
  rename(username: string): Promise<void>;
  forget(reason: string): Promise<void>;
}

interface NamedKey {
  readonly key: SigningKey;
  readonly device: DeviceId;
}

const nameKey = (key: SigningKey): NamedKey => ({
  key,
  device: deviceIdSchema.parse(nkeyFromKey('user', key).publicKey),
});

const NOBODY = 'Nobody is logged in here.';

export function createIdentityStore(profile: Profile, log: Log): IdentityStore {
  let whyNobody = NOBODY;
  // Cache the device id: it is read for each message, and changes only with the key.
  let namedKey = nameKey(profile.device);
  const device = (): DeviceId => {
    if (namedKey.key !== profile.device) namedKey = nameKey(profile.device);
    return namedKey.device;
  };
  const written = async (writing: Promise<void>): Promise<string | null> => {
    try {
      await writing;
      return null;
    } catch (error) {
      log.error({ err: error, folder: profile.folder }, 'the profile cannot be written');
      return `The profile in ${profile.folder} cannot be written (${messageOf(error)}). After a restart you have to log in again.`;
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
