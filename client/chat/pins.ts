// Which key speaks for whom: every device is pinned to the account it was first introduced under. It verifies nothing.
import type { AccountId, DeviceId } from '../../core/ids.js';
import type { History, KnownDevice } from '../history/port.js';

/** What a device was to this terminal: known, the first of its account, or one more of an account that had some. */
export type Novelty = 'known' | 'first' | 'another';

export interface Pins {
  get(device: DeviceId): KnownDevice | undefined;
  of(account: AccountId): readonly KnownDevice[];
  /** Pins a device, unless it is; it is never pinned anew. */
  pin(device: Omit<KnownDevice, 'verifiedAt'>): Promise<Novelty>;
  /** The user has compared the safety codes of these devices. */
  verified(devices: readonly KnownDevice[], at: number): Promise<void>;
  /** Whether the user has compared the codes of all devices of an account that has some. */
  isVerified(account: AccountId): boolean;
}

export function createPins(history: Pick<History, 'keep'>, kept: readonly KnownDevice[]): Pins {
  const pins = new Map(kept.map((pin) => [pin.device, pin]));
  const of = (account: AccountId): readonly KnownDevice[] =>
    [...pins.values()].filter((pin) => pin.account === account);

  return {
    get: (device) => pins.get(device),
    of,
    async pin(device) {
      if (pins.has(device.device)) return 'known';
      const novelty = of(device.account).length === 0 ? 'first' : 'another';
      const pin = { ...device, verifiedAt: null };
      pins.set(device.device, pin);
      await history.keep({ devices: [pin] });
      return novelty;
    },
    async verified(devices, at) {
      const verified = devices.map((pin) => ({ ...pin, verifiedAt: at }));
      for (const pin of verified) pins.set(pin.device, pin);
      await history.keep({ devices: verified });
    },
    isVerified(account) {
      const own = of(account);
      return own.length > 0 && own.every(({ verifiedAt }) => verifiedAt !== null);
    },
  };
}
