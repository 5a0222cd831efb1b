// Tells once when what was said in a conversation keeps waiting, and once when all of it has arrived. Never for each message.
import type { ConversationLabel, Delivery } from '../chat/events.js';
import { counted } from '../wording/lists.js';

interface Waiting {
  /** The latest of each message that has not arrived. */
  readonly messages: Map<string, Delivery>;
  readonly timer: NodeJS.Timeout;
  isTold: boolean;
}

interface Undelivered {
  note(delivery: Delivery): void;
  stop(): void;
}

/** @param patienceMs how long a message may be on its way before that is worth a line */
export function watchUndelivered(patienceMs: number, tell: (text: string) => void): Undelivered {
  const conversations = new Map<ConversationLabel, Waiting>();

  function begin(conversation: ConversationLabel): Waiting {
    const messages = new Map<string, Delivery>();
    const timer = setTimeout(() => {
      waiting.isTold = true;
      tell(`${conversation} ${waits(conversation, [...messages.values()])}`);
    }, patienceMs);
    const waiting: Waiting = { messages, timer, isTold: false };
    conversations.set(conversation, waiting);
    return waiting;
  }

  function end(conversation: ConversationLabel, { timer, isTold }: Waiting): void {
    clearTimeout(timer);
    conversations.delete(conversation);
    if (isTold) tell(`${conversation} what was kept has been delivered`);
  }

  return {
    note(delivery) {
      const { id, conversation, state, of } = delivery;
      const waiting = conversations.get(conversation);
      if (state !== 'delivered') {
        if (of > 0) (waiting ?? begin(conversation)).messages.set(id, delivery);
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

/** How far the one that has come least far has come, and what becomes of the rest. */
function waits(conversation: ConversationLabel, deliveries: readonly Delivery[]): string {
  const least = deliveries.reduce((one, next) => (next.of - next.acked > one.of - one.acked ? next : one));
  const count = deliveries.length;
  const how = `${counted(count, 'message')} ${count === 1 ? 'is' : 'are'}`;
  const whom = conversation.startsWith('@') ? conversation.slice(1) : 'the others';
  const reached = deliveries.every(({ state }) => state === 'sent');
  const then = reached ? `sent, not confirmed yet` : `kept, and sent when ${whom} can be reached`;
  return `${how} delivered to ${least.acked} of ${least.of} so far: ${then}`;
}
