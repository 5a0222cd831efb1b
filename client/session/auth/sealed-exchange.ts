// The exchange of requests with a sealed part. The sealed part contains the time of sealing, which the tracker checks. The caller
// does the sealing.
import { type CommandId, commandIdSchema } from '../../../core/ids.js';
import { limits } from '../../../core/protocol/limits.js';
import { statusOf } from '../../../core/protocol/status.js';
import { utcTime } from '../../../core/time/utc-time.js';
import type { ConnectionGate } from '../connection/gate.js';
import { type Exchange, exchange, type RetriedRequest } from '../requests/exchange.js';
import type { Tools } from '../tools.js';

/** Makes the request with the id `id`, sealed at the time `at`, milliseconds since the epoch. */
export type SealRequest = (id: CommandId, at: number) => RetriedRequest;

/**
 * Sends the request. If the tracker refuses the time of sealing, its answer contains the tracker's time. Then the request is
 * sealed with this time and sent once more.
 */
export async function exchangeSealed(
  gate: ConnectionGate,
  seal: SealRequest,
  tools: Tools,
): Promise<Exchange> {
  const { ids, trackerClock } = tools;
  const attempt = (): Promise<Exchange> =>
    exchange(gate, seal(commandIdSchema.parse(ids.next()), trackerClock.now()), tools);
  const first = await attempt();
  if (!isExpired(first)) return first;
  return trackerClock.state === 'reported' ? attempt() : unexplained(first, trackerClock.now());
}

type Answered = Extract<Exchange, { response: unknown }>;

const isExpired = (answer: Exchange): answer is Answered =>
  'response' in answer && answer.response.phrase === 'REQUEST_EXPIRED';

/**
 * Replaces the message of an older tracker, which does not send its time and always blames this machine's clock, although either
 * clock may be wrong.
 */
function unexplained({ response }: Answered, nowMs: number): Answered {
  const { remedy } = statusOf(1, 'REQUEST_EXPIRED');
  const message = `This machine's clock says ${utcTime(nowMs)}, and the tracker's clock differs by more than ${limits.sealedMaxAgeMs / 60_000} minutes. ${remedy}`;
  return { response: { ...response, message } };
}
