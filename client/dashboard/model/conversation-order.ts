// The order of conversations in the sidebar: rooms first. The keys Alt+digit and the next-conversation key use the same order.
import type { ConversationLabel, ConversationState } from '../../chat/events.js';

export function orderOf(conversations: readonly ConversationState[]): readonly ConversationLabel[] {
  const labels = conversations.map(({ label }) => label);
  return [...labels.filter((one) => one.startsWith('#')), ...labels.filter((one) => one.startsWith('@'))];
}
