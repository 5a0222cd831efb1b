// The action that makes a conversation of this terminal the current one.
import { statusOf } from '../../core/protocol/status.js';
import type { Conversations } from './conversations.js';
import { refusal, success } from './outcome.js';
import type { ChatActions } from './port.js';

export interface OpenActionParts {
  readonly conversations: Pick<Conversations, 'find' | 'labelOf' | 'setCurrent'>;
}

export function createOpenAction({ conversations }: OpenActionParts): Pick<ChatActions, 'open'> {
  return {
    async open(label) {
      const conversation = conversations.find(label);
      const name = label.slice(1);
      if (conversation === undefined && label.startsWith('@')) {
        const message = `There is no conversation with ${name} yet. Use /msg ${name}.`;
        return refusal(3, 'INVALID_COMMAND', message);
      }
      if (conversation === undefined) {
        const { remedy } = statusOf(2, 'NOT_A_MEMBER');
        return refusal(2, 'NOT_A_MEMBER', `You are not in the room "${name}". ${remedy}`);
      }
      await conversations.setCurrent(conversation);
      const opened = conversations.labelOf(conversation);
      return success(5, 'DONE', { conversation: opened }, `Your messages go to ${opened} now.`);
    },
  };
}
