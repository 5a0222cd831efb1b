// Whose devices are whose, as the tracker has signed it: at an introduction to this terminal, or shown by somebody else.
import type { AccountId, DeviceId } from '../../core/ids.js';
import { readStatement, type Signed } from '../../core/protocol/signed.js';
import { type Enrolment, enrolmentSchema } from '../../core/protocol/statements.js';
import type { History, KnownDevice } from '../history/port.js';

export interface Enrolments {
  ownerOf(device: DeviceId): AccountId | undefined;
  /** What shows others whose the device is; null where the tracker has not signed it. */
  statementOf(device: DeviceId): Signed | null;
  /** The tracker has introduced the device to this terminal. */
  introduced(device: DeviceId, account: AccountId, shown: Signed | undefined): Promise<void>;
  /** Somebody has shown it; believed if the tracker signed it and it contradicts nothing known. */
  shown(signed: Signed): Promise<void>;
}

export interface EnrolmentsParts {
  readonly history: Pick<History, 'keep'>;
  readonly trackerKey: Buffer;
  readonly known: readonly KnownDevice[];
}

export function createEnrolments({ history, trackerKey, known }: EnrolmentsParts): Enrolments {
  const devices = new Map(known.map((one) => [one.device, one]));

  async function keep(one: KnownDevice): Promise<void> {
    const before = devices.get(one.device);
    if (before !== undefined && (before.enrolment !== null || one.enrolment === null)) return;
    devices.set(one.device, one);
    await history.keep({ devices: [one] });
  }

  function read(signed: Signed): Enrolment | null {
    const reading = readStatement(signed, {
      purpose: 'enrolment',
      publicKey: trackerKey,
      schema: enrolmentSchema,
    });
    return 'value' in reading ? reading.value : null;
  }

  return {
    ownerOf: (device) => devices.get(device)?.account,
    statementOf: (device) => devices.get(device)?.enrolment ?? null,
    async introduced(device, account, shown) {
      const told = shown === undefined ? null : read(shown);
      const isSame = told?.device === device && told.account === account;
      await keep({ device, account, enrolment: isSame ? (shown ?? null) : null });
    },
    async shown(signed) {
      const told = read(signed);
      const owner = told === null ? undefined : devices.get(told.device)?.account;
      if (told === null || (owner !== undefined && owner !== told.account)) return;
      await keep({ device: told.device, account: told.account, enrolment: signed });
    },
  };
}
