// Tells once when what was said in a conversation keeps waiting, and once when it has gone out. Never for each message.
import type { ConversationLabel, Delivery } from '../chat/events.js';

interface Waiting {
  readonly messages: Set<string>;
  readonly timer: NodeJS.Timeout;
  isTold: boolean;
}

interface Undelivered {
  note(delivery: Delivery): void;
  stop(): void;
}

/** @param patienceMs how long a message may be queued before that is worth a line */
export function watchUndelivered(patienceMs: number, tell: (text: string) => void): Undelivered {
  const conversations = new Map<ConversationLabel, Waiting>();

  function begin(conversation: ConversationLabel): Waiting {
    const timer = setTimeout(() => {
      waiting.isTold = true;
      tell(`${conversation} not delivered yet: kept, and sent when ${whom(conversation)} can be reached`);
    }, patienceMs);
    const waiting: Waiting = { messages: new Set(), timer, isTold: false };
    conversations.set(conversation, waiting);
    return waiting;
  }

  function end(conversation: ConversationLabel, { timer, isTold }: Waiting): void {
    clearTimeout(timer);
    conversations.delete(conversation);
    if (isTold) tell(`${conversation} what was kept has gone out`);
  }

  return {
    note({ id, conversation, state, of }) {
      const waiting = conversations.get(conversation);
      if (state === 'queued') {
        if (of > 0) (waiting ?? begin(conversation)).messages.add(id);
      } else if (waiting?.messages.delete(id) === true && waiting.messages.size === 0) {
        end(conversation, waiting);
      }
    },
    stop() {
      for (const { timer } of conversations.values()) clearTimeout(timer);
      conversations.clear();
    },
  };
}

function whom(conversation: ConversationLabel): string {
  return conversation.startsWith('@') ? conversation.slice(1) : 'a member';
}
