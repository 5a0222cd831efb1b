// The handler of `Sync` requests: the rosters and notices that a terminal missed.
import { syncOperationSchema } from '../../core/protocol/operations.js';
import { type CatchUpParts, catchUp } from '../notices/catch-up.js';
import { type Handler, parseData } from './handler.js';

export function createSyncHandler(parts: CatchUpParts): Handler<2> {
  return async (caller, request) => {
    const parsed = parseData(syncOperationSchema, request);
    if ('invalid' in parsed) return parsed.invalid;
    const { rosters, notices, more } = await catchUp(parts, caller.account, parsed.data.versions);
    return { phrase: 'SYNC_S', data: { rosters, notices, more } };
  };
}
