// Enrolments: the tracker's signed statements of which account owns a device, from an introduction or passed on by a peer.
import type { AccountId, DeviceId } from '../../../core/ids.js';
import { readStatement, type Signed } from '../../../core/protocol/signed/signed.js';
import { enrolmentSchema } from '../../../core/protocol/signed/statements.js';
import type { KnownDevices } from './known-devices.js';

export interface Enrolments {
  ownerOf(device: DeviceId): AccountId | undefined;
  /** The signed statement about the device, to pass on to others; null if this terminal has no statement about it. */
  statementOf(device: DeviceId): Signed | null;
  /** Takes a statement from any source; believed if the tracker signed it and it contradicts nothing known. */
  shown(signed: Signed): Promise<void>;
}

export interface EnrolmentsParts {
  readonly devices: KnownDevices;
  readonly trackerKey: Buffer;
}

export function createEnrolments({ devices, trackerKey }: EnrolmentsParts): Enrolments {
  return {
    ownerOf: (device) => devices.get(device)?.account,
    statementOf: (device) => devices.get(device)?.enrolment ?? null,
    async shown(signed) {
      const reading = readStatement(signed, {
        purpose: 'enrolment',
        publicKey: trackerKey,
        schema: enrolmentSchema,
      });
      if (!('value' in reading)) return;
      const { device, account } = reading.value;
      const before = devices.get(device);
      if (before !== undefined && (before.account !== account || before.enrolment !== null)) return;
      await devices.keep([{ device, account, enrolment: signed }]);
    },
  };
}
