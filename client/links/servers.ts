// The servers of carriers: whether this device reaches one of the servers now. It does not reconnect.
import type { Schedule } from '../../core/time/clock.js';
import { delay } from '../../core/time/wait.js';
import type { Carrier } from './carrier.js';
import { SERVER_ANSWER_MS } from './limits.js';

/**
 * Resolves true if the server of any carrier answers within `SERVER_ANSWER_MS`, else false. Null if no carrier has a connection
 * to a server.
 */
export async function askServers(carriers: readonly Carrier[], schedule: Schedule): Promise<boolean | null> {
  const asked = carriers.flatMap((carrier) => carrier.askServer?.() ?? []);
  if (asked.length === 0) return null;
  const answered = new AbortController();
  const tooLate = delay(schedule, SERVER_ANSWER_MS, answered.signal).then(() => false);
  try {
    return await Promise.race([...asked, tooLate]);
  } finally {
    answered.abort();
  }
}
