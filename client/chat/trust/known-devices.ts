// The devices that this terminal knows. Each is stored as a whole, so that a change of one field keeps the others.
import type { AccountId, DeviceId } from '../../../core/ids.js';
import type { History, KnownDevice } from '../../history/port.js';

/** Omitted fields keep their values. A new device gets the values of `unknown` for them. */
type Change = Pick<KnownDevice, 'device' | 'account'> & Partial<KnownDevice>;

export interface KnownDevices {
  get(device: DeviceId): KnownDevice | undefined;
  of(account: AccountId): readonly KnownDevice[];
  /** Takes effect at once; resolves when it is on the disk. */
  keep(changes: readonly Change[]): Promise<void>;
}

const unknown = {
  isIntroduced: false,
  wasNamedAtFirst: false,
  introducedAt: 0,
  introducedBy: '',
  verifiedAt: null,
  enrolment: null,
} as const satisfies Omit<KnownDevice, 'device' | 'account'>;

export type KnownDevicesHistory = Pick<History, 'saveKnownState'>;

export function createKnownDevices(history: KnownDevicesHistory, kept: readonly KnownDevice[]): KnownDevices {
  const known = new Map(kept.map((one) => [one.device, one]));
  return {
    get: (device) => known.get(device),
    of: (account) => [...known.values()].filter((one) => one.account === account),
    async keep(changes) {
      const devices = changes.map((change) => ({ ...unknown, ...known.get(change.device), ...change }));
      for (const one of devices) known.set(one.device, one);
      await history.saveKnownState({ devices });
    },
  };
}
