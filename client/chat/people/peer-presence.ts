// The presence of people, as their terminals report each change over the links. The tracker's list, which counts all terminals of
// an account, is requested elsewhere. A report also carries the newest checkpoint of the tracker's log.
import { z } from 'zod';
import { createEmitter, type Subscribable } from '../../../core/emitter.js';
import { type AccountId, commandIdSchema, type DeviceId, type Ids } from '../../../core/ids.js';
import { explain, makeRequest, timeSchema } from '../../../core/protocol/envelope.js';
import {
  checkpointSchema,
  type PresenceState,
  presenceStateSchema,
} from '../../../core/protocol/operations.js';
import { signedSchema } from '../../../core/protocol/signed/signed.js';
import type { Clock } from '../../../core/time/clock.js';
import type { TrackerClock } from '../../time/tracker-clock.js';
import type { Tell } from '../events.js';
import type { Inbox } from '../messages/inbox.js';
import type { Peer, Peers } from '../peers/peers.js';
import type { Witness } from '../witness/witness.js';
import type { OwnPresence } from './own-presence.js';
import type { People } from './people.js';

export interface PeerPresenceParts {
  readonly peers: Pick<Peers, 'events' | 'open' | 'openOf' | 'send'>;
  readonly inbox: Pick<Inbox, 'onPeople'>;
  readonly ownPresence: Pick<OwnPresence, 'events'>;
  readonly people: Pick<People, 'nameOf'>;
  readonly witness: Pick<Witness, 'shown' | 'heard'>;
  readonly trackerClock: Pick<TrackerClock, 'machine'>;
  readonly steadyClock: Clock;
  readonly ids: Ids;
  /** Runs work that nothing waits for; logs `failure` if it fails. */
  readonly run: (work: Promise<unknown>, failure: string) => void;
  readonly tell: Tell;
}

const reportSchema = z.object({
  operation: z.literal('STATE'),
  state: presenceStateSchema,
  /** The time of the peer's machine, milliseconds since the epoch. Older terminals do not send it. */
  clockMs: timeSchema.optional().catch(undefined),
  /** The newest checkpoint that the peer has verified. Older terminals do not send it. */
  history: z.object({ checkpoint: checkpointSchema, log: signedSchema }).optional().catch(undefined),
});

/** The state of a linked device that has reported none. */
const DEFAULT: PresenceState = 'online';

/** A new checkpoint is sent when a link opens, and over an open link not more often. */
const CHECKPOINT_INTERVAL_MS = 600_000;

/** A smaller change of a machine's clock is not reported. */
const CLOCK_STEP_MS = 10_000;

interface Report {
  readonly state: PresenceState;
  /** The time of this machine's clock minus the time of the steady clock. */
  readonly clockOffsetMs: number;
  /** The checkpoint of the tracker's log; null if this terminal has none. */
  readonly checkpoint: string | null;
  /** The time of the steady clock. */
  readonly atMs: number;
}

export interface PeerPresenceEvents {
  /** A linked device reported the present time of its machine, milliseconds since the epoch. */
  clock: { readonly peer: Peer; readonly clockMs: number };
}

export interface PeerPresence {
  readonly events: Subscribable<PeerPresenceEvents>;
  /** The state of an account, as its linked terminals have reported it. */
  stateOf(account: AccountId): PresenceState;
}

/** Exchanges presence with linked peers from now on, and tells faces of changes. */
export function followPeerPresence(parts: PeerPresenceParts): PeerPresence {
  const { peers, inbox, ownPresence, people, witness, ids, tell } = parts;
  const events = createEmitter<PeerPresenceEvents>();
  let own = DEFAULT;
  const sent = new Map<DeviceId, Report>();
  const received = new Map<DeviceId, PresenceState>();

  // If a full queue does not take the report, the peer still sees the state in the tracker's list.
  function report({ device }: Peer, isOpening: boolean): void {
    const clockMs = parts.trackerClock.machine.now();
    const { shown } = witness;
    const atMs = parts.steadyClock.now();
    const next: Report = {
      state: own,
      clockOffsetMs: clockMs - atMs,
      checkpoint: shown?.checkpoint ?? null,
      atMs,
    };
    if (!isNews(next, sent.get(device), isOpening)) return;
    const history = shown && { checkpoint: shown.checkpoint, log: shown.log };
    const data = { operation: 'STATE', state: own, clockMs, ...(history && { history }) };
    const id = commandIdSchema.parse(ids.next());
    const result = peers.send(device, makeRequest({ id, title: 'People', data }));
    if (result === 'taken') sent.set(device, next);
  }

  function note({ account, device }: Peer, state: PresenceState): void {
    if (state === (received.get(device) ?? DEFAULT)) return;
    received.set(device, state);
    const others = peers.openOf(account).filter((one) => one.device !== device);
    const states = [state, ...others.map((one) => received.get(one.device) ?? DEFAULT)];
    tell('presence', { username: people.nameOf(account), state: combined(states) });
  }

  ownPresence.events.on('reported', (state) => {
    own = state;
    for (const peer of peers.open()) report(peer, false);
  });
  peers.events.on('opened', (peer) => report(peer, true));
  peers.events.on('restarted', (peer) => {
    note(peer, DEFAULT);
    sent.delete(peer.device);
    report(peer, true);
  });
  peers.events.on('forgotten', (device) => {
    sent.delete(device);
    received.delete(device);
  });
  inbox.onPeople((peer, data) => {
    const reported = reportSchema.safeParse(data);
    if (!reported.success) return { phrase: 'INVALID_COMMAND', message: explain(reported.error) };
    const { state, clockMs, history } = reported.data;
    note(peer, state);
    if (history !== undefined) {
      parts.run(
        witness.heard(people.nameOf(peer.account), history),
        "a peer's checkpoint cannot be compared",
      );
    }
    if (clockMs !== undefined) {
      parts.run(events.emit('clock', { peer, clockMs }), "a peer's clock cannot be compared");
    }
    return { phrase: 'STATE_NOTED' };
  });
  return {
    events,
    stateOf: (account) =>
      combined(peers.openOf(account).map(({ device }) => received.get(device) ?? DEFAULT)),
  };
}

function isNews(next: Report, sent: Report | undefined, isOpening: boolean): boolean {
  if (sent === undefined || next.state !== sent.state) return true;
  const isDue = isOpening || next.atMs - sent.atMs >= CHECKPOINT_INTERVAL_MS;
  if (isDue && next.checkpoint !== sent.checkpoint) return true;
  return Math.abs(next.clockOffsetMs - sent.clockOffsetMs) >= CLOCK_STEP_MS;
}

/** The state of an account with several terminals, by the tracker's rule: `dnd` outweighs all, `online` outweighs `away`. */
function combined(states: readonly PresenceState[]): PresenceState {
  if (states.includes('dnd')) return 'dnd';
  return states.length > 0 && states.every((state) => state === 'away') ? 'away' : 'online';
}
