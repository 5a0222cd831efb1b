// Which key speaks for whom: every device is pinned to the account it was first introduced under. It verifies nothing.
import type { AccountId, DeviceId } from '../../../core/ids.js';
import type { KnownDevice } from '../../history/port.js';
import type { KnownDevices } from './known-devices.js';

/**
 * What a device was to this terminal: known, of the first meeting with its account, or one more than the account had then.
 * Whoever is verified is met anew with each device: others than the verified ones are more.
 */
export type Novelty = 'known' | 'first' | 'another';

export interface Pins {
  get(device: DeviceId): KnownDevice | undefined;
  of(account: AccountId): readonly KnownDevice[];
  /**
   * Pins a device, unless it is; it is never pinned anew. `together`: the devices of its account as the tracker named them; the
   * first of them to come speaks for all.
   */
  pin(
    device: Pick<KnownDevice, 'device' | 'account' | 'introducedAt' | 'introducedBy'>,
    together: readonly DeviceId[],
  ): Promise<Novelty>;
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
  const isVerified = (account: AccountId): boolean => {
    const own = of(account);
    return own.length > 0 && own.every(({ verifiedAt }) => verifiedAt !== null);
  };
  /** What was another's stays theirs. */
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
