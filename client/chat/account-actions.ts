// What a user can do with the account that is logged in here.
import { explain } from '../../core/protocol/envelope.js';
import { usernameSchema } from '../../core/protocol/names.js';
import { renamedSchema } from '../../core/protocol/operations.js';
import { isSuccess } from '../../core/protocol/status.js';
import type { Session } from '../session/port.js';
import type { Outcome } from './events.js';
import { outcome, outcomeOf, refused, unusable } from './outcome.js';

export interface AccountActions {
  rename(username: string): Promise<Outcome>;
  changePassword(current: string, next: string): Promise<Outcome>;
}

export function createAccountActions(session: Session): AccountActions {
  return {
    async rename(written) {
      const parsed = usernameSchema.safeParse(written);
      if (!parsed.success) {
        return outcome(1, 'INVALID_COMMAND', { message: `${explain(parsed.error)} Use /rename NAME.` });
      }
      const response = await session.request('Account', { operation: 'RENAME', username: parsed.data });
      if (!isSuccess(response.status)) return refused(response);
      const renamed = renamedSchema.safeParse(response.data);
      if (!renamed.success) return unusable(explain(renamed.error));
      await session.called(renamed.data.username);
      return outcomeOf(response, { username: renamed.data.username });
    },
    async changePassword(current, next) {
      const response = await session.changePassword(current, next);
      return isSuccess(response.status) ? outcomeOf(response) : refused(response);
    },
  };
}
