// The request that sends a stored message, and the progress of the message. Sends nothing itself.
import type { CommandId } from '../../../../core/ids.js';
import { makeRequest } from '../../../../core/protocol/envelope.js';
import type { AckCount, MessageProgress, StoredMessage } from '../../../history/port.js';
import type { Outgoing } from '../send-window.js';

export const progressOf = ({ id, position, message }: StoredMessage, count: AckCount): MessageProgress => ({
  id,
  position,
  conversation: message.conversation,
  ...count,
});

/** @param isCopied whether other devices of the author get a copy */
export function outgoing(
  { message, proof }: StoredMessage,
  progress: MessageProgress,
  id: CommandId,
  isCopied: boolean,
): Outgoing {
  const isTaken = progress.acked > 0 || isCopied;
  const data = { ...message, ...(proof !== null && { proof }), ...(isTaken && { isTaken }) };
  return { progress, request: makeRequest({ id, title: 'MESSAGE', data }) };
}
