// Answers to peers about the past of shared conversations: announcements are passed on to listeners, and requests are answered
// with messages.
import { createEmitter, type Subscribable } from '../../../core/emitter.js';
import {
  type Given,
  historyOperationSchema,
  MESSAGES_AT_ONCE,
  writePassed,
} from '../../../core/protocol/backfill/backfill.js';
import { createDeviceProofCheck } from '../trust/device-key.js';
import type { Checksum } from '../../../core/protocol/backfill/checksums.js';
import type { DeviceRanges } from '../../../core/protocol/backfill/ranges.js';
import { type Answer, explain, type Request } from '../../../core/protocol/envelope.js';
import type { ConversationId } from '../../../core/protocol/message/message.js';
import type { Signed } from '../../../core/protocol/signed/signed.js';
import type { History, StoredMessage } from '../../history/port.js';
import type { Peer } from '../peers/peers.js';
import type { Enrolments } from '../trust/enrolments.js';
import type { Access } from './access.js';

export interface ServeParts {
  readonly history: Pick<History, 'relayableMessages'>;
  readonly access: Pick<Access, 'readerOf'>;
  readonly enrolments: Pick<Enrolments, 'statementOf'>;
}

export interface ServeEvents {
  /** A peer announced which messages it has, and checksums of the latest. */
  announced: {
    readonly peer: Peer;
    readonly conversation: ConversationId;
    readonly devices: readonly DeviceRanges[];
    readonly sums: readonly Checksum[];
  };
}

export interface Serve {
  readonly events: Subscribable<ServeEvents>;
  answer(peer: Peer, request: Request): Promise<Answer<4>>;
}

/** The maximum size of the messages and enrolments in one answer, in bytes. The longest message fits. */
const GIVEN_MAX_BYTES = 48 * 1024;

const notShared: Answer<4> = {
  phrase: 'NOT_A_RECIPIENT',
  message: 'This terminal does not share the conversation with you.',
};

export function createServe({ history, access, enrolments }: ServeParts): Serve {
  const events = createEmitter<ServeEvents>();

  function given(stored: readonly StoredMessage[]): Given {
    const isProven = createDeviceProofCheck();
    const shown = new Map<string, Signed>();
    const messages: string[] = [];
    let bytes = 0;
    for (const { message, proof } of stored) {
      // An author may send any bytes as a proof, and a terminal that passes on an invalid proof is reported as a forger.
      if (proof === null || !isProven(message, proof)) continue;
      const text = writePassed(message, proof);
      const statement = shown.has(message.device) ? null : enrolments.statementOf(message.device);
      bytes += Buffer.byteLength(text) + (statement === null ? 0 : JSON.stringify(statement).length);
      if (messages.length > 0 && bytes > GIVEN_MAX_BYTES) break;
      if (statement !== null) shown.set(message.device, statement);
      messages.push(text);
    }
    return { messages, enrolments: [...shown.values()] };
  }

  return {
    events,
    async answer(peer, request) {
      const operation = historyOperationSchema.safeParse(request.data);
      if (!operation.success) return { phrase: 'INVALID_COMMAND', message: explain(operation.error) };
      const { conversation, devices } = operation.data;
      const reader = access.readerOf(conversation, peer.account);
      if (reader === null) return notShared;
      if (operation.data.operation === 'HAVE') {
        await events.emit('announced', { peer, conversation, devices, sums: operation.data.sums });
        return { phrase: 'HISTORY_S' };
      }
      const stored = await history.relayableMessages(conversation, devices, reader, MESSAGES_AT_ONCE);
      return { phrase: 'HISTORY_S', data: given(stored) };
    },
  };
}
