// The devices this terminal knows of. Each is written as a whole, so that who changes one thing about it loses no other.
import type { AccountId, DeviceId } from '../../../core/ids.js';
import type { History, KnownDevice } from '../../history/port.js';

/** What is left as it is where it is not given; of a device unknown before, what is not given is nothing. */
type Change = Pick<KnownDevice, 'device' | 'account'> & Partial<KnownDevice>;

export interface KnownDevices {
  get(device: DeviceId): KnownDevice | undefined;
  of(account: AccountId): readonly KnownDevice[];
  /** Known at once; resolves when it is on the disk. */
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

export function createKnownDevices(
  history: Pick<History, 'keep'>,
  kept: readonly KnownDevice[],
): KnownDevices {
  const known = new Map(kept.map((one) => [one.device, one]));
  return {
    get: (device) => known.get(device),
    of: (account) => [...known.values()].filter((one) => one.account === account),
    async keep(changes) {
      const devices = changes.map((change) => ({ ...unknown, ...known.get(change.device), ...change }));
      for (const one of devices) known.set(one.device, one);
      await history.keep({ devices });
    },
  };
}
