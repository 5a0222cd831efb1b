// The reports to the faces of how far each message of the user has come.
import type { MessageProgress } from '../../../history/port.js';
import type { Conversations } from '../../conversations.js';
import type { Delivery, DeliveryRefusal, Tell } from '../../events.js';

export interface DeliveryReportsParts {
  readonly conversations: Pick<Conversations, 'labelOf'>;
  readonly tell: Tell;
}

export interface DeliveryReports {
  report(progress: MessageProgress, refusal?: DeliveryRefusal | null): void;
  /** Notes that a link took the message, and reports it the first time. */
  handed(progress: MessageProgress): void;
  /** Notes that the message waits again. */
  waits(id: string): void;
  /** Makes later reports about the message `id` carry the id that the faces saw for `formerId`, the message it replaces. */
  continues(id: string, formerId: string): void;
}

export function createDeliveryReports({ conversations, tell }: DeliveryReportsParts): DeliveryReports {
  /** Messages reported as sent and not yet delivered to all, by id. */
  const sent = new Set<string>();
  /** The id that the faces saw first, by the id of the message that replaced it. */
  const shownIds = new Map<string, string>();

  function stateOf({ id, acked, of, refused }: MessageProgress): Delivery['state'] {
    if (acked === of) return 'delivered';
    if (acked + refused === of) return 'refused';
    return sent.has(id) ? 'sent' : 'queued';
  }

  function report(progress: MessageProgress, refusal: DeliveryRefusal | null = null): void {
    const { id, acked, of, refused } = progress;
    const conversation = conversations.labelOf(progress.conversation);
    const state = stateOf(progress);
    tell('delivery', { id: shownIds.get(id) ?? id, conversation, state, acked, of, refused, refusal });
    if (state !== 'delivered' && state !== 'refused') return;
    sent.delete(id);
    shownIds.delete(id);
  }

  return {
    report,
    handed(progress) {
      if (sent.has(progress.id)) return;
      sent.add(progress.id);
      report(progress);
    },
    waits: (id) => void sent.delete(id),
    continues: (id, formerId) => void shownIds.set(id, shownIds.get(formerId) ?? formerId),
  };
}
