// The tracker's word for whose a device is.
import type { SigningKey } from '../../../../core/keys.js';
import { type Signed, signStatement } from '../../../../core/protocol/signed/signed.js';
import type { Client } from './client.js';

export function enrolmentOf(key: SigningKey, { person, device }: Pick<Client, 'person' | 'device'>): Signed {
  return signStatement(key, 'enrolment', { v: 1, account: person.account, device });
}
