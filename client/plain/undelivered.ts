// The undelivered messages of each conversation: one line when some stay undelivered, and one when all are delivered.
// No message gets a line of its own.
import type { Schedule } from '../../core/time/clock.js';
import type { ConversationLabel, Delivery } from '../chat/events.js';
import { counted } from '../wording/lists.js';

interface Pending {
  /** The latest delivery event of each undelivered message, by message id. */
  readonly messages: Map<string, Delivery>;
  readonly cancelReport: () => void;
  isReported: boolean;
}

interface UndeliveredParts {
  /** Time for which a message may stay undelivered before a line reports it. */
  readonly patienceMs: number;
  readonly schedule: Schedule;
  readonly print: (text: string) => void;
}

interface Undelivered {
  note(delivery: Delivery): void;
  stop(): void;
}

export function watchUndelivered({ patienceMs, schedule, print }: UndeliveredParts): Undelivered {
  const conversations = new Map<ConversationLabel, Pending>();

  function begin(conversation: ConversationLabel): Pending {
    const messages = new Map<string, Delivery>();
    const cancelReport = schedule(patienceMs, () => {
      pending.isReported = true;
      print(`${conversation} ${progressOf(conversation, [...messages.values()])}`);
    });
    const pending: Pending = { messages, cancelReport, isReported: false };
    conversations.set(conversation, pending);
    return pending;
  }

  // After a refusal no line is printed, because the refusal has a line of its own.
  function end(conversation: ConversationLabel, pending: Pending, state: Delivery['state']): void {
    pending.cancelReport();
    conversations.delete(conversation);
    if (pending.isReported && state === 'delivered') print(`${conversation} all messages are delivered now`);
  }

  return {
    note(delivery) {
      const { id, conversation, state, of } = delivery;
      const pending = conversations.get(conversation);
      if (state === 'queued' || state === 'sent') {
        if (of > 0) (pending ?? begin(conversation)).messages.set(id, delivery);
      } else if (pending?.messages.delete(id) === true && pending.messages.size === 0) {
        end(conversation, pending, state);
      }
    },
    stop() {
      for (const { cancelReport } of conversations.values()) cancelReport();
      conversations.clear();
    },
  };
}

/** The progress of the message with the most missing recipients, and what happens next. */
function progressOf(conversation: ConversationLabel, deliveries: readonly Delivery[]): string {
  const least = deliveries.reduce((one, next) => (next.of - next.acked > one.of - one.acked ? next : one));
  const count = deliveries.length;
  const subject = `${counted(count, 'message')} ${count === 1 ? 'is' : 'are'}`;
  const recipients = conversation.startsWith('@') ? conversation.slice(1) : 'the others';
  const isSent = deliveries.every(({ state }) => state === 'sent');
  const next = isSent ? 'sent, not confirmed yet' : `stored until ${recipients} can be reached`;
  return `${subject} delivered to ${least.acked} of ${least.of} so far: ${next}`;
}
