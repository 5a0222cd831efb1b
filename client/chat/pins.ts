// Which key speaks for whom: every device is pinned to the account it was first introduced under. It verifies nothing.
import type { AccountId, DeviceId } from '../../core/ids.js';
import type { KnownDevice } from '../history/port.js';
import type { KnownDevices } from './known-devices.js';

/** What a device was to this terminal: known, the first of its account, or one more of an account that had some. */
export type Novelty = 'known' | 'first' | 'another';

export interface Pins {
  get(device: DeviceId): KnownDevice | undefined;
  of(account: AccountId): readonly KnownDevice[];
  /** Pins a device, unless it is; it is never pinned anew. */
  pin(device: Pick<KnownDevice, 'device' | 'account' | 'introducedAt' | 'introducedBy'>): Promise<Novelty>;
  /** The user has compared the safety codes of these devices. */
  verified(devices: readonly KnownDevice[], at: number): Promise<void>;
  /** Whether the user has compared the codes of all devices of an account that has some. */
  isVerified(account: AccountId): boolean;
}

/** A device that is known by its enrolment alone is not pinned. */
export function createPins(devices: KnownDevices): Pins {
  const of = (account: AccountId): readonly KnownDevice[] =>
    devices.of(account).filter(({ isIntroduced }) => isIntroduced);
  const get = (device: DeviceId): KnownDevice | undefined => {
    const known = devices.get(device);
    return known?.isIntroduced === true ? known : undefined;
  };

  return {
    get,
    of,
    async pin(device) {
      if (get(device.device) !== undefined) return 'known';
      const novelty = of(device.account).length === 0 ? 'first' : 'another';
      await devices.keep([{ ...device, isIntroduced: true }]);
      return novelty;
    },
    verified: (compared, at) =>
      devices.keep(compared.map(({ device, account }) => ({ device, account, verifiedAt: at }))),
    isVerified(account) {
      const own = of(account);
      return own.length > 0 && own.every(({ verifiedAt }) => verifiedAt !== null);
    },
  };
}
