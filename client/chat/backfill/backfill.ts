// Exchanges with others what each has of the conversations they share: told when a link opens and when something has come
// since, and what is lacking is fetched.
import {
  type AccountId,
  type CommandId,
  commandIdSchema,
  type DeviceId,
  type Ids,
} from '../../../core/ids.js';
import type { Json } from '../../../core/json.js';
import type { Log } from '../../../core/log.js';
import { DEVICES_AT_ONCE, type Given, givenSchema } from '../../../core/protocol/backfill/backfill.js';
import { type Answer, makeRequest, type Request, type Response } from '../../../core/protocol/envelope.js';
import type { ConversationId } from '../../../core/protocol/message/message.js';
import { type DeviceRuns, writeRuns } from '../../../core/protocol/backfill/ranges.js';
import { isSuccess } from '../../../core/protocol/status.js';
import type { History } from '../../history/port.js';
import type { Enrolments } from '../trust/enrolments.js';
import { writeFrame } from '../messages/wire.js';
import type { Peer, Peers } from '../peers/peers.js';
import { createCompare } from './compare.js';
import { createFetch } from './fetch.js';
import { createServe } from './serve.js';
import type { Access } from './access.js';
import type { Take } from './receive.js';

export interface BackfillParts {
  readonly history: Pick<History, 'held' | 'offered' | 'pick' | 'digests'>;
  readonly access: Access;
  readonly enrolments: Pick<Enrolments, 'statementOf' | 'ownerOf'>;
  readonly isBlocked: (account: AccountId) => boolean;
  readonly peers: Pick<Peers, 'send' | 'open'>;
  readonly take: Take;
  readonly reportForgery: (peer: Peer, how: string) => void;
  readonly ids: Ids;
  readonly log: Log;
}

export interface Backfill {
  opened(peer: Peer): void;
  /** The peer is another process, or no peer any more. */
  forget(device: DeviceId): void;
  /** A message has been stored: others may lack it. */
  touched(conversation: ConversationId): void;
  /** Tells everybody linked what is here: rooms may be known now that were not when the link opened. */
  review(): void;
  /** Answers a request of the title `History`. */
  serve(peer: Peer, request: Request): Promise<Answer<4>>;
  /** False for an answer to something else. */
  answered(response: Response): boolean;
  close(): void;
}

/** Bytes of what is told of one conversation. */
const HAVE_MAX_BYTES = 48 * 1024;
const ANSWER_TIMEOUT_MS = 10_000;
/** What came is told to those who may lack it so often: a link may last while its other end misses what a third one said. */
const RETELL_MS = 10_000;

export function createBackfill(parts: BackfillParts): Backfill {
  const { history, access, peers, log } = parts;
  const asked = new Map<string, (response: Response | null) => void>();
  const touched = new Set<ConversationId>();

  /** What somebody says who is blocked is not asked for; of a device not known yet, that shows when it comes. */
  function isWanted({ device }: { readonly device: DeviceId }): boolean {
    const owner = parts.enrolments.ownerOf(device);
    return owner === undefined || !parts.isBlocked(owner);
  }

  function send(peer: Peer, data: Json): CommandId | null {
    const id = commandIdSchema.parse(parts.ids.next());
    const sent = peers.send(peer.device, writeFrame(makeRequest({ id, title: 'History', data })));
    return sent === 'taken' ? id : null;
  }

  function tell(peer: Peer, conversations: readonly ConversationId[]): void {
    Promise.all(conversations.map((conversation) => have(peer, conversation))).catch((error: unknown) => {
      log.error({ error, device: peer.device }, 'what is here cannot be told');
    });
  }

  async function have(peer: Peer, conversation: ConversationId): Promise<void> {
    const since = access.since(conversation, peer.account);
    if (since === null) return;
    const offered = await history.offered(conversation, since);
    const devices = written(offered);
    if (devices.length === 0) return;
    const sums = await comparing.sums(conversation, offered);
    // Where there is no room for it now, it is told with what comes next.
    if (send(peer, { operation: 'HAVE', conversation, devices, sums }) === null) touched.add(conversation);
  }

  function retell(conversations: Iterable<ConversationId>): void {
    const changed = [...conversations];
    for (const peer of peers.open()) tell(peer, changed);
  }

  async function ask(
    peer: Peer,
    conversation: ConversationId,
    devices: readonly DeviceRuns[],
  ): Promise<Given | null> {
    const id = send(peer, { operation: 'GIVE', conversation, devices: written(devices) });
    const response = id === null ? null : await answerTo(id);
    if (response === null || !isSuccess(response.status)) return null;
    const given = givenSchema.safeParse(response.data);
    return given.success ? given.data : null;
  }

  function answerTo(id: CommandId): Promise<Response | null> {
    return new Promise((resolve) => {
      const end = (response: Response | null): void => {
        clearTimeout(timer);
        asked.delete(id);
        resolve(response);
      };
      const timer = setTimeout(end, ANSWER_TIMEOUT_MS, null);
      asked.set(id, end);
    });
  }

  const fetch = createFetch({
    history,
    ask,
    take: parts.take,
    reportForgery: parts.reportForgery,
    onFetched: (conversation) => retell([conversation]),
    log,
  });
  const comparing = createCompare({
    history,
    ask,
    take: parts.take,
    reportForgery: parts.reportForgery,
    log,
  });
  const serve = createServe({
    history,
    access,
    enrolments: parts.enrolments,
    onOffer(peer, conversation, devices, sums) {
      fetch.offered(peer, conversation, devices.filter(isWanted));
      comparing.told(peer, conversation, sums.filter(isWanted));
    },
  });
  const timer = setInterval(() => {
    const changed = [...touched];
    touched.clear();
    retell(changed);
  }, RETELL_MS);
  timer.unref();

  function forget(device: DeviceId): void {
    fetch.forget(device);
    comparing.forget(device);
  }

  return {
    serve,
    opened(peer) {
      forget(peer.device);
      tell(peer, access.conversationsWith(peer.account));
    },
    forget,
    touched: (conversation) => void touched.add(conversation),
    review() {
      for (const peer of peers.open()) tell(peer, access.conversationsWith(peer.account));
    },
    answered(response) {
      const end = asked.get(response.id);
      end?.(response);
      return end !== undefined;
    },
    close() {
      clearInterval(timer);
      for (const end of asked.values()) end(null);
    },
  };
}

/** As much as one frame holds. */
function written(devices: readonly DeviceRuns[]): readonly string[] {
  let bytes = 0;
  return devices
    .flatMap((one) => writeRuns(one) ?? [])
    .filter((text) => (bytes += text.length) <= HAVE_MAX_BYTES)
    .slice(0, DEVICES_AT_ONCE);
}
