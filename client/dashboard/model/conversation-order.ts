// The order of conversations in the sidebar, which Alt and a digit and the next-conversation key follow: rooms first.
import type { ConversationLabel, ConversationState } from '../../chat/events.js';

export function orderOf(conversations: readonly ConversationState[]): readonly ConversationLabel[] {
  const labels = conversations.map(({ label }) => label);
  return [...labels.filter((one) => one.startsWith('#')), ...labels.filter((one) => one.startsWith('@'))];
}
