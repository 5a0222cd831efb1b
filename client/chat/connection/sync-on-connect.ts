// What is due when the terminal comes online: say where it can be reached and whether its user is there, fetch what was
// missed and who is blocked, meet those it shares a conversation with. Done again when the tracker could not be asked, and now
// and then, since either side may forget.
import { isDeepStrictEqual } from 'node:util';
import pLimit from 'p-limit';
import { messageOf } from '../../../core/errors.js';
import type { Log } from '../../../core/log.js';
import { announcedSchema } from '../../../core/protocol/operations.js';
import { isSuccess } from '../../../core/protocol/status.js';
import type { Session } from '../../session/port.js';
import type { OwnPresence } from '../people/own-presence.js';
import type { Backfill } from '../backfill/backfill.js';
import type { Blocks } from '../people/blocks.js';
import type { Contacts } from '../people/contacts.js';
import type { Inbox } from '../messages/inbox.js';
import type { Introducer } from '../peers/introducer.js';
import type { TrackerSync } from '../rooms/tracker-sync.js';
import type { Peers } from '../peers/peers.js';

export interface SyncOnConnectParts {
  readonly session: Session;
  readonly peers: Peers;
  readonly trackerSync: TrackerSync;
  readonly introducer: Introducer;
  readonly inbox: Inbox;
  readonly ownPresence: Pick<OwnPresence, 'tell'>;
  readonly blocks: Pick<Blocks, 'refresh'>;
  readonly contacts: Pick<Contacts, 'review'>;
  /** All that was due is done. */
  readonly onDone: () => void;
  readonly backfill: Pick<Backfill, 'review'>;
  readonly log: Log;
}

export interface SyncOnConnect {
  /** The session's state has changed. */
  changed(): void;
  /** The addresses of this machine have changed. */
  moved(): void;
  /** Whether the tracker knows where this device is now. Who is introduced before is introduced again then. */
  readonly isAnnounced: boolean;
  /** Resolves true as soon as the terminal is online and has caught up, false when `timeoutMs` pass before. */
  done(timeoutMs: number): Promise<boolean>;
  close(): void;
}

const AGAIN_MS = 2_000;
const NOW_AND_THEN_MS = 60_000;

export function createSyncOnConnect(parts: SyncOnConnectParts): SyncOnConnect {
  const { session, peers, trackerSync, introducer, inbox, backfill, ownPresence, blocks, contacts, log } =
    parts;
  const waiters = new Set<() => void>();
  // What is announced last is where it is: a request of before goes on until it is answered.
  const inTurn = pLimit(1);
  let timer: NodeJS.Timeout | undefined;
  /** Which stay online this is; a run that belongs to an earlier one ends without effect. */
  let stay = 0;
  let hasArrived = false;
  let isAnnounced = false;
  /** As the tracker told last. */
  let reflectorPorts: readonly number[] = [];

  async function announce(): Promise<boolean> {
    const addresses = await peers.addresses(reflectorPorts);
    const response = await session.request('People', { operation: 'ANNOUNCE', addresses: [...addresses] });
    if (!isSuccess(response.status)) return false;
    const answer = announcedSchema.safeParse(response.data ?? {});
    const ports = answer.success ? (answer.data.reflector?.ports ?? []) : [];
    if (isDeepStrictEqual(ports, reflectorPorts)) return true;
    // The tracker's own ports, learnt just now: what they tell belongs to the announcement.
    reflectorPorts = ports;
    const complete = await peers.addresses(reflectorPorts);
    if (isDeepStrictEqual(complete, addresses)) return true;
    const again = await session.request('People', { operation: 'ANNOUNCE', addresses: [...complete] });
    return isSuccess(again.status);
  }

  async function catchUp(which: number, isFirst: boolean): Promise<boolean> {
    await peers.become(session.identity?.device ?? null);
    const announcing = inTurn(async () => {
      if (which !== stay) return false;
      const isDone = await announce();
      if (isDone && which === stay) isAnnounced = true;
      return isDone;
    });
    const [isSynced, ...others] = await Promise.all([
      isFirst ? trackerSync.resync() : trackerSync.sync(),
      announcing,
      ownPresence.tell(),
      blocks.refresh(),
    ]);
    if (isSynced) await inbox.review();
    await introducer.prune();
    const isReviewed = await contacts.review();
    const hasMet = await introducer.introduceToWanted(isFirst ? 'all' : 'unlinked');
    if (isFirst) backfill.review();
    return isSynced && others.every(Boolean) && isReviewed && hasMet;
  }

  async function run(which: number, isFirst: boolean): Promise<void> {
    let isComplete = false;
    try {
      isComplete = await catchUp(which, isFirst);
    } catch (error) {
      if (which === stay) log.error({ error }, `arriving failed: ${messageOf(error)}`);
    }
    if (which !== stay) return;
    hasArrived = true;
    if (isComplete) parts.onDone();
    for (const wake of waiters) wake();
    const isStillFirst = isFirst && !isComplete;
    timer = setTimeout(() => void run(which, isStillFirst), isComplete ? NOW_AND_THEN_MS : AGAIN_MS);
    timer.unref();
  }

  function leave(): void {
    clearTimeout(timer);
    stay += 1;
    hasArrived = false;
    isAnnounced = false;
  }

  function changed(): void {
    leave();
    if (session.state.state === 'online') void run(stay, true);
    // A device that is not enrolled any more has no links.
    else if (session.identity === null) {
      peers.become(null).catch((error: unknown) => log.error({ error }, 'the links do not close'));
    }
  }

  return {
    changed,
    moved() {
      session.recheck();
      peers.recheck();
      changed();
    },
    get isAnnounced() {
      return isAnnounced;
    },
    done(timeoutMs) {
      if (hasArrived) return Promise.resolve(true);
      return new Promise((resolve) => {
        const end = (): void => {
          waiters.delete(end);
          clearTimeout(deadline);
          resolve(hasArrived);
        };
        const deadline = setTimeout(end, timeoutMs);
        waiters.add(end);
      });
    },
    close() {
      leave();
      for (const wake of waiters) wake();
    },
  };
}
