// The tracker's statement of who owns a device.
import type { Caller } from '../../../../actors/caller.js';
import type { SigningKey } from '../../../../core/keys.js';
import { type Signed, signStatement } from '../../../../core/protocol/signed/signed.js';
import type { Enrolment } from '../../../../core/protocol/signed/statements.js';

export function enrolmentOf(key: SigningKey, { account, device }: Caller): Signed {
  return signStatement(key, 'enrolment', { v: 1, account, device } satisfies Enrolment);
}
