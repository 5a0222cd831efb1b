// Requests for messages that a peer can pass on, and their answers.
import { type CommandId, commandIdSchema, type Ids } from '../../../core/ids.js';
import type { Json } from '../../../core/json.js';
import { type Given, givenSchema } from '../../../core/protocol/backfill/backfill.js';
import type { DeviceRanges } from '../../../core/protocol/backfill/ranges.js';
import { makeRequest, type Response } from '../../../core/protocol/envelope.js';
import type { ConversationId } from '../../../core/protocol/message/message.js';
import { isSuccess } from '../../../core/protocol/status.js';
import type { Schedule } from '../../../core/time/clock.js';
import type { Inbox } from '../messages/inbox.js';
import type { Peer, Peers } from '../peers/peers.js';
import { writeDevices } from './device-list.js';

export interface AskParts {
  readonly peers: Pick<Peers, 'send'>;
  readonly inbox: Pick<Inbox, 'events'>;
  readonly schedule: Schedule;
  readonly ids: Ids;
}

/** Resolves with the peer's answer; null if the peer gave no usable answer. */
export type Ask = (
  peer: Peer,
  conversation: ConversationId,
  devices: readonly DeviceRanges[],
) => Promise<Given | null>;

export interface Asking {
  readonly ask: Ask;
  /** Ends every open request; each resolves with null. */
  close(): void;
}

const ANSWER_TIMEOUT_MS = 10_000;

export function createAsk({ peers, inbox, schedule, ids }: AskParts): Asking {
  const unanswered = new Map<string, (response: Response | null) => void>();

  function answerTo(id: CommandId): Promise<Response | null> {
    return new Promise((resolve) => {
      const end = (response: Response | null): void => {
        cancel();
        unanswered.delete(id);
        resolve(response);
      };
      const cancel = schedule(ANSWER_TIMEOUT_MS, () => end(null));
      unanswered.set(id, end);
    });
  }

  inbox.events.on('answer', ({ response }) => unanswered.get(response.id)?.(response));

  return {
    async ask(peer, conversation, devices) {
      const id = commandIdSchema.parse(ids.next());
      const data: Json = { operation: 'GIVE', conversation, devices: writeDevices(devices) };
      const sent = peers.send(peer.device, makeRequest({ id, title: 'History', data }));
      const response = sent === 'taken' ? await answerTo(id) : null;
      if (response === null || !isSuccess(response.status)) return null;
      const given = givenSchema.safeParse(response.data);
      return given.success ? given.data : null;
    },
    close() {
      for (const end of unanswered.values()) end(null);
    },
  };
}
