// The comparison of this machine's clock with the tracker's. If they differ, the user learns both times and which one is wrong,
// by the clocks of the linked people. It corrects no clock.
import type { AccountId, DeviceId } from '../../../core/ids.js';
import { limits } from '../../../core/protocol/limits.js';
import type { Clock } from '../../../core/time/clock.js';
import { utcTime } from '../../../core/time/utc-time.js';
import type { TrackerClock } from '../../time/tracker-clock.js';
import type { Tell } from '../events.js';
import type { Peers } from '../peers/peers.js';
import type { OwnPresence } from '../people/own-presence.js';
import type { PeerPresence } from '../people/peer-presence.js';
import type { Why } from './why.js';

export interface ClocksParts {
  readonly trackerClock: TrackerClock;
  readonly steadyClock: Clock;
  readonly me: () => AccountId | null;
  readonly peers: Pick<Peers, 'events'>;
  readonly peerPresence: Pick<PeerPresence, 'events'>;
  /** Its reports follow each sync with the tracker. */
  readonly ownPresence: Pick<OwnPresence, 'events'>;
  readonly why: Pick<Why, 'note'>;
  readonly tell: Tell;
}

/** `undecided`: too few people are linked, or their clocks differ as well. */
export type WrongClock = 'none' | 'machine' | 'tracker' | 'undecided';

/** Clocks that differ by less agree. */
const AGREE_MS = 60_000;

/**
 * Which clock is wrong, by the vote of the linked people.
 * @param leadMs by how much the tracker's clock is ahead of this machine's
 * @param others by how much the tracker's clock is ahead of each linked person's
 */
export function wrongClock(leadMs: number, others: readonly number[]): WrongClock {
  if (Math.abs(leadMs) <= limits.sealedMaxAgeMs) return 'none';
  const agreeing = (expectedMs: number): number =>
    others.filter((one) => Math.abs(one - expectedMs) <= AGREE_MS).length;
  if (agreeing(leadMs) * 2 > others.length) return 'tracker';
  return agreeing(0) * 2 > others.length ? 'machine' : 'undecided';
}

/** Compares after each sync and each report of a peer, and warns when the result changes. */
export function compareClocks(parts: ClocksParts): { close(): void } {
  const { trackerClock, steadyClock, why, tell } = parts;
  /**
   * The clock of each linked device, in ms ahead of this terminal's steady clock. The tracker's clock is no fixed base, as it may
   * be set.
   */
  const offsets = new Map<DeviceId, { readonly account: AccountId; readonly offsetMs: number }>();
  let last: WrongClock = 'none';
  let hasSynced = false;

  /** One vote for each account. The user's own terminals have none, because they may share this machine's clock. */
  function others(): readonly number[] {
    const votes = new Map<AccountId, number>();
    for (const { account, offsetMs } of offsets.values()) {
      const leadMs = trackerClock.now() - (steadyClock.now() + offsetMs);
      if (account !== parts.me()) votes.set(account, leadMs);
    }
    return [...votes.values()];
  }

  function compare(): void {
    const { leadMs } = trackerClock;
    if (leadMs === null) return;
    const votes = others();
    const wrong = wrongClock(leadMs, votes);
    // No warning without votes right after the first sync: nobody is linked yet.
    if (wrong === last || (wrong === 'undecided' && votes.length === 0 && !hasSynced)) return;
    last = wrong;
    if (wrong === 'none') return;
    const at = trackerClock.now();
    const [tracker, machine] = [utcTime(at), utcTime(trackerClock.machine.now())];
    const reason = `The tracker's clock says ${tracker}, and this machine's clock says ${machine}. ${FINDINGS[wrong]}`;
    const remedy = REMEDIES[wrong];
    tell('warning', { type: 'ClockDiffers', peer: null, message: `${reason} ${remedy}`, at });
    why.note({ event: 'ClockDiffers', by: null, reason, remedy });
  }

  const stop = [
    parts.peerPresence.events.on('clock', ({ peer: { device, account }, clockMs }) => {
      offsets.set(device, { account, offsetMs: clockMs - steadyClock.now() });
      compare();
    }),
    parts.peers.events.on('forgotten', (device) => void offsets.delete(device)),
    parts.ownPresence.events.on('reported', () => {
      compare();
      if (trackerClock.state === 'reported') hasSynced = true;
    }),
  ];
  return {
    close() {
      for (const off of stop) off();
    },
  };
}

const FINDINGS = {
  tracker: "Most linked people's clocks agree with this machine: the tracker's clock is wrong.",
  machine: "Most linked people's clocks agree with the tracker: this machine's clock is wrong.",
  undecided: 'It is unclear which clock is wrong.',
} as const;

const REMEDIES = {
  tracker: 'Tell the operator of the tracker.',
  machine: "Set this machine's clock. Until then messages are dated by the tracker's clock.",
  undecided: "Compare both with the correct time. Messages are dated by the tracker's clock.",
} as const;
