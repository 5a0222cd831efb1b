// `Account`: what a device that is logged in asks about itself.
import { accountOperationSchema } from '../../core/protocol/operations.js';
import type { TrackerHost } from '../host.js';
import type { Authentication } from './authentication.js';
import { metadataOf, receiptOf, undone } from './commands.js';
import { type Handler, parseData } from './handler.js';

export interface AccountParts {
  readonly host: TrackerHost;
  readonly authentication: Authentication;
}

export function createAccountHandler({ host, authentication }: AccountParts): Handler<1> {
  return async (caller, request) => {
    const parsed = parseData(accountOperationSchema, request);
    if ('invalid' in parsed) return parsed.invalid;
    switch (parsed.data.operation) {
      case 'RENEW':
        return authentication.renew(caller.device);
      case 'LOGOUT': {
        const outcome = await host.send({
          kind: 'account',
          id: caller.account,
          command: { type: 'RevokeDevice', ...caller },
          metadata: metadataOf(caller, request.id),
          receipt: receiptOf(caller, request, parsed.data, null),
        });
        if (outcome.kind === 'busy' || outcome.kind === 'refused') return undone(1, outcome);
        return { phrase: 'LOGOUT_SUCCESSFUL' };
      }
    }
  };
}
