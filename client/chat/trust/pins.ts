// Pins: every device stays with the account under which it was first introduced. Checks no signature.
import type { AccountId, DeviceId } from '../../../core/ids.js';
import type { KnownDevice } from '../../history/port.js';
import type { KnownDevices } from './known-devices.js';

/**
 * How new a device is to this terminal. `known`: it is pinned already. `first`: its account had it when the account was first
 * introduced. `another`: it was added later. Once the account is verified, every device without verification counts as `another`.
 */
export type Novelty = 'known' | 'first' | 'another';

export interface Pins {
  get(device: DeviceId): KnownDevice | undefined;
  of(account: AccountId): readonly KnownDevice[];
  /**
   * Pins a device that is not yet pinned; a pin never changes. `together`: all devices of the account that the tracker named in
   * the same introduction. Those named in the account's first introduction count as `first`.
   */
  pin(
    device: Pick<KnownDevice, 'device' | 'account' | 'introducedAt' | 'introducedBy'>,
    together: readonly DeviceId[],
  ): Promise<Novelty>;
  /** Records that the user compared the safety codes of these devices. */
  verified(devices: readonly KnownDevice[], at: number): Promise<void>;
  /** Whether the account has pinned devices and the user compared the codes of all of them. */
  isVerified(account: AccountId): boolean;
}

/** A device known only by its enrolment is not pinned. */
export function createPins(devices: KnownDevices): Pins {
  const of = (account: AccountId): readonly KnownDevice[] =>
    devices.of(account).filter(({ isIntroduced }) => isIntroduced);
  const get = (device: DeviceId): KnownDevice | undefined => {
    const known = devices.get(device);
    return known?.isIntroduced === true ? known : undefined;
  };
  const isVerified = (account: AccountId): boolean => {
    const own = of(account);
    return own.length > 0 && own.every(({ verifiedAt }) => verifiedAt !== null);
  };
  /** Whether no other account owns the device. */
  const isFreeFor = (device: DeviceId, account: AccountId): boolean =>
    (devices.get(device)?.account ?? account) === account;

  return {
    get,
    of,
    async pin(pinned, together) {
      const { device, account } = pinned;
      if (get(device) !== undefined) return 'known';
      const isFirstMeeting = of(account).length === 0;
      const wasNamedAtFirst = isFirstMeeting || devices.get(device)?.wasNamedAtFirst === true;
      const novelty = wasNamedAtFirst && !isVerified(account) ? 'first' : 'another';
      const others = isFirstMeeting ? together.filter((one) => isFreeFor(one, account)) : [];
      await devices.keep([
        ...others.map((one) => ({ device: one, account, wasNamedAtFirst })),
        { ...pinned, isIntroduced: true, wasNamedAtFirst },
      ]);
      return novelty;
    },
    verified: (compared, at) =>
      devices.keep(compared.map(({ device, account }) => ({ device, account, verifiedAt: at }))),
    isVerified,
  };
}
