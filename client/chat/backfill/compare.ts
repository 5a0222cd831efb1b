// Comparison of checksums with peers. If the checksums of the latest messages differ, the peer's messages are fetched: two signed
// messages with the same number prove that their author signed both. The comparison does not decide which message is kept.
import { LRUCache } from 'lru-cache';
import pLimit, { type LimitFunction } from 'p-limit';
import type { DeviceId } from '../../../core/ids.js';
import type { Log } from '../../../core/log.js';
import { CHECKSUMS_AT_ONCE } from '../../../core/protocol/backfill/backfill.js';
import type { ConversationId } from '../../../core/protocol/message/message.js';
import type { DeviceRanges } from '../../../core/protocol/backfill/ranges.js';
import {
  type Checksum,
  CHECKSUM_MAX_MESSAGES,
  checksumOf,
  writeChecksum,
} from '../../../core/protocol/backfill/checksums.js';
import type { History } from '../../history/port.js';
import type { Peer } from '../peers/peers.js';
import type { Ask } from './ask.js';
import type { ReceivePassed } from './receive.js';
import type { ReportForgery } from '../messages/report-forgery.js';

export interface CompareParts {
  readonly history: Pick<History, 'digests'>;
  readonly ask: Ask;
  readonly receive: ReceivePassed;
  readonly reportForgery: ReportForgery;
  readonly log: Log;
}

export interface Compare {
  /** The checksums, in wire form, of the latest messages that can be passed on. */
  checksums(conversation: ConversationId, offered: readonly DeviceRanges[]): Promise<readonly string[]>;
  /** Compares the checksums of a peer with those of this terminal. */
  received(peer: Peer, conversation: ConversationId, sums: readonly Checksum[]): void;
  /** Forgets what was compared with the device. Call this when its link opens or closes. */
  forget(device: DeviceId): void;
}

/**
 * The number of digests kept in memory, because each checksum goes to many peers and changes with every message. It is enough for
 * the latest messages of all devices in a large room.
 */
const CACHED_DIGESTS = 2_048;
/** The maximum number of checksums of one peer that wait for comparison. More are dropped; the peer announces them again. */
const WAITING_SUMS = 256;

interface Comparison {
  readonly inTurn: LimitFunction;
  /** Conversation and device of each difference found. The peer is asked for its messages once until its link opens again. */
  readonly asked: Set<string>;
}

export function createCompare({ history, ask, receive, reportForgery, log }: CompareParts): Compare {
  const digestsByKey = new LRUCache<string, Buffer>({ max: CACHED_DIGESTS });
  const comparisons = new Map<DeviceId, Comparison>();

  async function ownSum(
    conversation: ConversationId,
    { device, range: [first, last] }: Omit<Checksum, 'sum'>,
  ): Promise<string | null> {
    const keyOf = (seq: number): string => `${conversation} ${device} ${seq}`;
    const digests: Buffer[] = [];
    for (let seq = first; seq <= last; seq += 1) {
      const cached = digestsByKey.get(keyOf(seq));
      if (cached === undefined) break;
      digests.push(cached);
    }
    const next = first + digests.length;
    const others = next > last ? [] : await history.digests(conversation, device, [next, last]);
    for (const [index, digest] of others.entries()) digestsByKey.set(keyOf(next + index), digest);
    return next + others.length > last ? checksumOf([...digests, ...others]) : null;
  }

  async function compare(
    peer: Peer,
    conversation: ConversationId,
    theirs: Checksum,
    asked: Set<string>,
  ): Promise<void> {
    const { device, range, sum } = theirs;
    const own = await ownSum(conversation, theirs);
    if (own === null || own === sum) return;
    const key = `${conversation} ${device}`;
    if (asked.has(key)) return;
    asked.add(key);
    const devices = [{ device, ranges: [range] }];
    const given = await ask(peer, conversation, devices);
    if (given === null) return;
    // Messages that are already stored are not stored again. `receive` reports two different messages with the same number.
    const { arrived, forgery } = await receive(peer, { conversation, devices }, given);
    for (const { show } of arrived) show();
    if (forgery !== null) reportForgery(peer, 'passed on', forgery);
  }

  return {
    async checksums(conversation, offered) {
      const latest = offered.slice(0, CHECKSUMS_AT_ONCE).flatMap(({ device, ranges }) => {
        const [first, last] = ranges.at(-1) ?? [];
        if (first === undefined || last === undefined) return [];
        return [{ device, range: [Math.max(first, last - CHECKSUM_MAX_MESSAGES + 1), last] as const }];
      });
      const summed = await Promise.all(
        latest.map(async (one) => ({ ...one, sum: await ownSum(conversation, one) })),
      );
      return summed.flatMap(({ sum, ...one }) => (sum === null ? [] : [writeChecksum({ ...one, sum })]));
    },
    received(peer, conversation, sums) {
      const { inTurn, asked } = comparisons.get(peer.device) ?? {
        inTurn: pLimit(1),
        asked: new Set<string>(),
      };
      comparisons.set(peer.device, { inTurn, asked });
      for (const sum of sums.slice(0, Math.max(0, WAITING_SUMS - inTurn.pendingCount))) {
        inTurn(() => compare(peer, conversation, sum, asked)).catch((error: unknown) => {
          log.error({ error, device: peer.device }, 'the checksums of a peer cannot be compared');
        });
      }
    },
    forget: (device) => void comparisons.delete(device),
  };
}
