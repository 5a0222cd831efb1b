// Answers what another terminal asks of the past of a shared conversation. It asks for nothing itself.
import { rawPublicKey } from '../../../core/bus/credentials/nkey.js';
import {
  type Given,
  historyOperationSchema,
  MESSAGES_AT_ONCE,
  writePassed,
} from '../../../core/protocol/backfill/backfill.js';
import { type Answer, explain, type Request } from '../../../core/protocol/envelope.js';
import type { ConversationId } from '../../../core/protocol/message/message.js';
import { createProofCheck } from '../../../core/protocol/message/proof.js';
import type { DeviceRuns } from '../../../core/protocol/backfill/ranges.js';
import type { Signed } from '../../../core/protocol/signed/signed.js';
import type { Sum } from '../../../core/protocol/backfill/checksums.js';
import type { History, StoredMessage } from '../../history/port.js';
import type { Enrolments } from '../trust/enrolments.js';
import type { Peer } from '../peers/peers.js';
import type { Access } from './access.js';

export interface ServeParts {
  readonly history: Pick<History, 'pick'>;
  readonly access: Pick<Access, 'since'>;
  readonly enrolments: Pick<Enrolments, 'statementOf'>;
  readonly onOffer: (
    peer: Peer,
    conversation: ConversationId,
    devices: readonly DeviceRuns[],
    sums: readonly Sum[],
  ) => void;
}

/** Bytes of the messages and enrolments of one answer: the longest message has room in it. */
const GIVEN_MAX_BYTES = 48 * 1024;

const strange: Answer<4> = {
  phrase: 'NOT_A_RECIPIENT',
  message: 'This conversation is not one that this terminal shares with you.',
};

export function createServe(parts: ServeParts): (peer: Peer, request: Request) => Promise<Answer<4>> {
  return async (peer, request) => {
    const operation = historyOperationSchema.safeParse(request.data);
    if (!operation.success) return { phrase: 'INVALID_COMMAND', message: explain(operation.error) };
    const { conversation, devices } = operation.data;
    const since = parts.access.since(conversation, peer.account);
    if (since === null) return strange;
    if (operation.data.operation === 'HAVE') {
      parts.onOffer(peer, conversation, devices, operation.data.sums);
      return { phrase: 'HISTORY_S' };
    }
    const stored = await parts.history.pick(conversation, devices, since, MESSAGES_AT_ONCE, peer.account);
    return { phrase: 'HISTORY_S', data: given(stored) };
  };

  function given(stored: readonly StoredMessage[]): Given {
    const isProven = createProofCheck();
    const enrolments = new Map<string, Signed>();
    const messages: string[] = [];
    let bytes = 0;
    for (const { message, proof } of stored) {
      // Its author may have sent anything as a proof: who passes that on is the one to be blamed.
      if (proof === null || !isProven(message, proof, rawPublicKey(message.device))) continue;
      const text = writePassed(message, proof);
      const statement = enrolments.has(message.device) ? null : parts.enrolments.statementOf(message.device);
      bytes += Buffer.byteLength(text) + (statement === null ? 0 : JSON.stringify(statement).length);
      if (messages.length > 0 && bytes > GIVEN_MAX_BYTES) break;
      if (statement !== null) enrolments.set(message.device, statement);
      messages.push(text);
    }
    return { messages, enrolments: [...enrolments.values()] };
  }
}
