// Finds where another terminal has something else under the same number: compares sums of the latest that both have, and where
// they differ has that passed on, which shows who has signed both. It decides nothing about what is kept.
import pLimit, { type LimitFunction } from 'p-limit';
import type { DeviceId } from '../../../core/ids.js';
import type { Log } from '../../../core/log.js';
import { SUMS_AT_ONCE } from '../../../core/protocol/backfill/backfill.js';
import type { ConversationId } from '../../../core/protocol/message/message.js';
import type { DeviceRuns } from '../../../core/protocol/backfill/ranges.js';
import { type Sum, SUM_MAX_MESSAGES, sumOf, writeSum } from '../../../core/protocol/backfill/checksums.js';
import type { History } from '../../history/port.js';
import type { Peer } from '../peers/peers.js';
import type { Ask, ReportForgery } from './asking.js';
import type { Take } from './receive.js';

export interface CompareParts {
  readonly history: Pick<History, 'digests'>;
  readonly ask: Ask;
  readonly take: Take;
  readonly reportForgery: ReportForgery;
  readonly log: Log;
}

export interface Compare {
  /** The sums of the latest of what can be passed on, as they are written. */
  sums(conversation: ConversationId, offered: readonly DeviceRuns[]): Promise<readonly string[]>;
  /** The peer has told its own. */
  told(peer: Peer, conversation: ConversationId, sums: readonly Sum[]): void;
  /** The link to the device is another one, or none. */
  forget(device: DeviceId): void;
}

/**
 * Messages whose digests are remembered: the same sum is told to many, and who talks is summed anew with each message. As many as
 * are the latest of all devices in a large room.
 */
const REMEMBERED_DIGESTS = 2_048;
/** Of one peer that may wait: it is told again. */
const WAITING_SUMS = 256;

interface Told {
  readonly inTurn: LimitFunction;
  /** Of whose differences it has been asked: once until its link opens anew. */
  readonly asked: Set<string>;
}

export function createCompare({ history, ask, take, reportForgery, log }: CompareParts): Compare {
  const known = new Map<string, Buffer>();
  const peers = new Map<DeviceId, Told>();

  async function ownSum(
    conversation: ConversationId,
    { device, run: [first, last] }: Omit<Sum, 'sum'>,
  ): Promise<string | null> {
    const keyOf = (seq: number): string => `${conversation} ${device} ${seq}`;
    const digests: Buffer[] = [];
    for (let seq = first; seq <= last; seq += 1) {
      const remembered = known.get(keyOf(seq));
      if (remembered === undefined) break;
      digests.push(remembered);
    }
    const next = first + digests.length;
    const others = next > last ? [] : await history.digests(conversation, device, [next, last]);
    for (const [index, digest] of others.entries()) remember(keyOf(next + index), digest);
    return next + others.length > last ? sumOf([...digests, ...others]) : null;
  }

  function remember(key: string, digest: Buffer): void {
    const [oldest] = known.keys();
    if (known.size >= REMEMBERED_DIGESTS && oldest !== undefined) known.delete(oldest);
    known.set(key, digest);
  }

  async function compare(
    peer: Peer,
    conversation: ConversationId,
    theirs: Sum,
    asked: Set<string>,
  ): Promise<void> {
    const { device, run, sum } = theirs;
    const own = await ownSum(conversation, theirs);
    if (own === null || own === sum) return;
    const matter = `${conversation} ${device}`;
    if (asked.has(matter)) return;
    asked.add(matter);
    const devices = [{ device, runs: [run] }];
    const given = await ask(peer, conversation, devices);
    if (given === null) return;
    // What both have is stored no second time; what its device has signed twice is named as it is taken.
    const { arrived, forgery } = await take(peer, { conversation, devices }, given);
    for (const { show } of arrived) show();
    if (forgery !== null) reportForgery(peer, forgery);
  }

  return {
    async sums(conversation, offered) {
      const latest = offered.slice(0, SUMS_AT_ONCE).flatMap(({ device, runs }) => {
        const [first, last] = runs.at(-1) ?? [];
        if (first === undefined || last === undefined) return [];
        return [{ device, run: [Math.max(first, last - SUM_MAX_MESSAGES + 1), last] as const }];
      });
      const summed = await Promise.all(
        latest.map(async (one) => ({ ...one, sum: await ownSum(conversation, one) })),
      );
      return summed.flatMap(({ sum, ...one }) => (sum === null ? [] : [writeSum({ ...one, sum })]));
    },
    told(peer, conversation, sums) {
      const { inTurn, asked } = peers.get(peer.device) ?? { inTurn: pLimit(1), asked: new Set<string>() };
      peers.set(peer.device, { inTurn, asked });
      for (const sum of sums.slice(0, Math.max(0, WAITING_SUMS - inTurn.pendingCount))) {
        inTurn(() => compare(peer, conversation, sum, asked)).catch((error: unknown) => {
          log.error({ error, device: peer.device }, 'what is here cannot be compared');
        });
      }
    },
    forget: (device) => void peers.delete(device),
  };
}
