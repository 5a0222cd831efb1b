// What the tracker of these specs tells one device of another.
import type { AccountId, DeviceId } from '../../../../core/ids.js';
import type { SigningKey } from '../../../../core/keys.js';
import type { Introduction } from '../../../../core/protocol/signed/statements.js';
import type { Client } from './client.js';
import { enrolmentOf } from './enrolment.js';

interface Told {
  readonly key: SigningKey;
  readonly clients: ReadonlyMap<DeviceId, Client>;
  readonly formerly: ReadonlyMap<AccountId, readonly string[]>;
}

export function introductionOf(tracker: Told, of: Client, to: DeviceId): Introduction {
  const { person, device, addresses } = of;
  const enrolled = [...tracker.clients.values()].filter((one) => one.person.account === person.account);
  const peer = {
    ...person,
    device,
    devices: enrolled.map((one) => one.device),
    formerly: [...(tracker.formerly.get(person.account) ?? [])],
    addresses: [...addresses],
  };
  return {
    v: 1,
    to,
    peer,
    enrolment: enrolmentOf(tracker.key, of),
    connection: 'TCP',
    at: Date.now(),
  };
}
