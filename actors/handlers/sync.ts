// The handler of `Sync` requests: the rosters and notices that a terminal missed, the identity of the tracker's log, and the proof
// that the log continues the history that the terminal knows.
import type { ReadLogIdentity } from '../../core/events/sql/log-identity.js';
import { syncOperationSchema } from '../../core/protocol/operations.js';
import { signStatement } from '../../core/protocol/signed/signed.js';
import type { LogStatement } from '../../core/protocol/signed/statements.js';
import { type CatchUpParts, catchUp } from '../notices/catch-up.js';
import { historyAnswer, warnOfOtherHistory } from '../witness/history-answer.js';
import type { LogProofs } from '../witness/log-proofs.js';
import { type Handler, parseData } from './handler.js';

export interface SyncParts extends CatchUpParts {
  readonly logIdentity: ReadLogIdentity;
  readonly logProofs: LogProofs;
}

export function createSyncHandler(parts: SyncParts): Handler<2> {
  return async (caller, request) => {
    const parsed = parseData(syncOperationSchema, request);
    if ('invalid' in parsed) return parsed.invalid;
    const { rosters, notices, more } = await catchUp(parts, caller.account, parsed.data.versions);
    const { identity, since } = await parts.logIdentity();
    const statement = { v: 1, log: identity, since } satisfies LogStatement;
    const log = signStatement(parts.signing, 'log', statement);
    // The checkpoint comes last, so that it covers everything in the answer.
    const checkpoint = await parts.logProofs.checkpoint();
    const history = await historyAnswer(parts.logProofs, checkpoint, parsed.data);
    await warnOfOtherHistory(parts.logProofs, checkpoint, parsed.data.checkpoint, caller.device, parts.log);
    return { phrase: 'SYNC_S', data: { rosters, notices, more, log, ...history } };
  };
}
