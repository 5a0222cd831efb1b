// Changing the application's account at a running broker. Who calls this must be the only one who does: an account pushed
// without what another had revoked would let the revoked back in.
import { z } from 'zod';
import { messageOf } from '../../errors.js';
import type { Bus } from '../bus.js';

const TIMEOUT_MS = 5_000;
const MAX_WORDS_CHARACTERS = 500;

const takenSchema = z.object({ data: z.object({ code: z.literal(200) }) });

/**
 * Has the broker take `accountJwt` at once: whom it revokes is put out, nobody else notices. Throws a `BusError` if the broker
 * does not answer, and an `Error` with its words if it refuses.
 */
export async function pushAccount(system: Bus, accountJwt: string): Promise<void> {
  const subject = '$SYS.REQ.CLAIMS.UPDATE';
  const answer = await system.request(subject, Buffer.from(accountJwt), { timeoutMs: TIMEOUT_MS });
  const words = Buffer.from(answer).toString();
  try {
    takenSchema.parse(JSON.parse(words));
  } catch (error) {
    const why = words.slice(0, MAX_WORDS_CHARACTERS) || messageOf(error);
    throw new Error(`the broker does not take the account: ${why}`, { cause: error });
  }
}
