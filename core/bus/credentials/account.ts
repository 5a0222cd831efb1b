// The update of the application's account on a running broker. Only one caller may do this at a time: a JWT that lacks a
// revocation which another caller has just pushed would undo that revocation.
import { z } from 'zod';
import { messageOf } from '../../errors.js';
import type { Bus } from '../bus.js';

const TIMEOUT_MS = 5_000;
const MAX_WORDS_CHARACTERS = 500;

const takenSchema = z.object({ data: z.object({ code: z.literal(200) }) });

/**
 * Makes the broker apply `accountJwt` at once. Revoked devices are disconnected; other connections are not affected.
 * Throws a `BusError` if the broker does not answer, and an `Error` with the broker's reason if it refuses.
 */
export async function pushAccount(system: Bus, accountJwt: string): Promise<void> {
  const subject = '$SYS.REQ.CLAIMS.UPDATE';
  const answer = await system.request(subject, Buffer.from(accountJwt), { timeoutMs: TIMEOUT_MS });
  const words = Buffer.from(answer).toString();
  try {
    takenSchema.parse(JSON.parse(words));
  } catch (error) {
    const why = words.slice(0, MAX_WORDS_CHARACTERS) || messageOf(error);
    throw new Error(`the broker rejected the account: ${why}`, { cause: error });
  }
}
