// The steps due when the terminal comes online: announce its addresses and its user's presence, fetch what it missed and the
// block list, and get introduced to everyone it shares a conversation with. Repeated when the tracker could not be asked, and
// every minute, since either side may have lost something.
import { isDeepStrictEqual } from 'node:util';
import pLimit from 'p-limit';
import { createEmitter, type Subscribable } from '../../../core/emitter.js';
import { messageOf } from '../../../core/errors.js';
import type { Log } from '../../../core/log.js';
import { announcedSchema } from '../../../core/protocol/operations.js';
import { isSuccess } from '../../../core/protocol/status.js';
import type { Schedule } from '../../../core/time/clock.js';
import { createChanges } from '../../../core/time/wait.js';
import type { Session } from '../../session/port.js';
import type { Backfill } from '../backfill/backfill.js';
import type { Inbox } from '../messages/inbox.js';
import type { Timestamps } from '../messages/dating/timestamps.js';
import type { Introducer } from '../peers/introducer.js';
import type { Peers } from '../peers/peers.js';
import type { Blocks } from '../people/blocks.js';
import type { Contacts } from '../people/contacts.js';
import type { OwnPresence } from '../people/own-presence.js';
import type { TrackerSync } from '../rooms/tracker-sync.js';

export interface SyncOnConnectParts {
  readonly session: Pick<Session, 'identity' | 'state' | 'request' | 'recheck'>;
  readonly peers: Pick<Peers, 'addresses' | 'become' | 'recheck' | 'setAnnounced'>;
  readonly trackerSync: Pick<TrackerSync, 'sync' | 'resync' | 'isRefusing'>;
  readonly introducer: Pick<Introducer, 'introduceToWanted' | 'prune'>;
  readonly inbox: Pick<Inbox, 'review'>;
  readonly timestamps: Pick<Timestamps, 'settle'>;
  readonly ownPresence: Pick<OwnPresence, 'report'>;
  readonly blocks: Pick<Blocks, 'refresh'>;
  readonly contacts: Pick<Contacts, 'review'>;
  readonly backfill: Pick<Backfill, 'review'>;
  readonly schedule: Schedule;
  /** Timers of calls that somebody awaits. They keep the process alive. */
  readonly waitSchedule: Schedule;
  readonly log: Log;
}

export interface SyncOnConnectEvents {
  /** Every step has succeeded. */
  synced: undefined;
}

export interface SyncOnConnect {
  readonly events: Subscribable<SyncOnConnectEvents>;
  /** The session's state has changed. */
  changed(): void;
  /** The addresses of this machine have changed. */
  moved(): void;
  /**
   * Resolves true as soon as the terminal is online and has caught up. Resolves false as soon as the tracker is reached and nobody
   * is logged in, or after `timeoutMs`.
   */
  done(timeoutMs: number): Promise<boolean>;
  close(): void;
}

const RETRY_MS = 2_000;
const REPEAT_MS = 60_000;

export function createSyncOnConnect(parts: SyncOnConnectParts): SyncOnConnect {
  const { session, peers, trackerSync, introducer, inbox, backfill, ownPresence, blocks, contacts } = parts;
  const { timestamps, schedule, log } = parts;
  const events = createEmitter<SyncOnConnectEvents>();
  const changes = createChanges(parts.waitSchedule);
  // Announcements go out in order, because the tracker keeps the last one.
  const inTurn = pLimit(1);
  let cancel: (() => void) | null = null;
  /** Number of the present connection. A sync that began on an earlier connection ends without effect. */
  let connection = 0;
  let hasRun = false;
  /** The reflector's ports in the tracker's last answer. */
  let reflectorPorts: readonly number[] = [];

  async function announce(): Promise<boolean> {
    const addresses = await peers.addresses(reflectorPorts);
    const response = await session.request('People', { operation: 'ANNOUNCE', addresses: [...addresses] });
    if (!isSuccess(response.status)) return false;
    const answer = announcedSchema.safeParse(response.data ?? {});
    const ports = answer.success ? (answer.data.reflector?.ports ?? []) : [];
    if (isDeepStrictEqual(ports, reflectorPorts)) return true;
    // With new reflector ports this terminal may learn its address outside the NAT, which is then announced too.
    reflectorPorts = ports;
    const complete = await peers.addresses(reflectorPorts);
    if (isDeepStrictEqual(complete, addresses)) return true;
    const again = await session.request('People', { operation: 'ANNOUNCE', addresses: [...complete] });
    return isSuccess(again.status);
  }

  async function sync(which: number, isFirst: boolean): Promise<boolean> {
    await peers.become(session.identity?.device ?? null);
    const announcing = inTurn(async () => {
      if (which !== connection) return false;
      const isDone = await announce();
      if (isDone && which === connection) peers.setAnnounced(true);
      return isDone;
    });
    const [isSynced, ...others] = await Promise.all([
      isFirst ? trackerSync.resync() : trackerSync.sync(),
      announcing,
      ownPresence.report(),
      blocks.refresh(),
    ]);
    await timestamps.settle();
    if (isSynced) await inbox.review();
    await introducer.prune();
    const isReviewed = await contacts.review();
    const isIntroduced = await introducer.introduceToWanted(isFirst ? 'all' : 'unlinked');
    if (isFirst) backfill.review();
    return isSynced && others.every(Boolean) && isReviewed && isIntroduced;
  }

  async function run(which: number, isFirst: boolean): Promise<void> {
    let isComplete = false;
    try {
      isComplete = await sync(which, isFirst);
    } catch (error) {
      if (which === connection) log.error({ error }, `the sync after connecting failed: ${messageOf(error)}`);
    }
    if (which !== connection) return;
    hasRun = true;
    if (isComplete) await events.emit('synced', undefined);
    changes.notify();
    const isStillFirst = isFirst && !isComplete;
    // A tracker whose history is broken is asked now and then whether it has the known history again.
    const delayMs = isComplete || trackerSync.isRefusing ? REPEAT_MS : RETRY_MS;
    cancel = schedule(delayMs, () => void run(which, isStillFirst));
  }

  function end(): void {
    cancel?.();
    connection += 1;
    hasRun = false;
    peers.setAnnounced(false);
  }

  function changed(): void {
    end();
    if (session.state.state === 'online') void run(connection, true);
    // A device that is logged out has no links.
    else if (session.identity === null) {
      peers.become(null).catch((error: unknown) => log.error({ error }, 'the links cannot be closed'));
      changes.notify();
    }
  }

  const isGuest = (): boolean => session.identity === null && session.state.state === 'guest';

  return {
    events,
    changed,
    moved() {
      session.recheck();
      peers.recheck();
      changed();
    },
    async done(timeoutMs) {
      await changes.until(() => hasRun || isGuest(), timeoutMs);
      return hasRun;
    },
    close() {
      end();
      changes.close();
    },
  };
}
