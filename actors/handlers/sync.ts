// The handler of `Sync` requests: the rosters and notices that a terminal missed, and the identity of the tracker's log.
import type { ReadLogIdentity } from '../../core/events/sql/log-identity.js';
import { syncOperationSchema } from '../../core/protocol/operations.js';
import { signStatement } from '../../core/protocol/signed/signed.js';
import type { LogStatement } from '../../core/protocol/signed/statements.js';
import { type CatchUpParts, catchUp } from '../notices/catch-up.js';
import { type Handler, parseData } from './handler.js';

export interface SyncParts extends CatchUpParts {
  readonly logIdentity: ReadLogIdentity;
}

export function createSyncHandler(parts: SyncParts): Handler<2> {
  return async (caller, request) => {
    const parsed = parseData(syncOperationSchema, request);
    if ('invalid' in parsed) return parsed.invalid;
    const { rosters, notices, more } = await catchUp(parts, caller.account, parsed.data.versions);
    const { identity, since } = await parts.logIdentity();
    const statement = { v: 1, log: identity, since } satisfies LogStatement;
    const log = signStatement(parts.signing, 'log', statement);
    return { phrase: 'SYNC_S', data: { rosters, notices, more, log } };
  };
}
