// The presence of people, as their terminals report it over the links: each change at once. The tracker's list, which counts
// all terminals of an account, is asked for separately.
import { z } from 'zod';
import { type AccountId, commandIdSchema, type DeviceId, type Ids } from '../../../core/ids.js';
import { explain, makeRequest } from '../../../core/protocol/envelope.js';
import { type PresenceState, presenceStateSchema } from '../../../core/protocol/operations.js';
import type { Tell } from '../events.js';
import type { Inbox } from '../messages/inbox.js';
import type { Peer, Peers } from '../peers/peers.js';
import type { OwnPresence } from './own-presence.js';
import type { People } from './people.js';

export interface PeerPresenceParts {
  readonly peers: Pick<Peers, 'events' | 'open' | 'openOf' | 'send'>;
  readonly inbox: Pick<Inbox, 'onPeople'>;
  readonly ownPresence: Pick<OwnPresence, 'events'>;
  readonly people: Pick<People, 'nameOf'>;
  readonly ids: Ids;
  readonly tell: Tell;
}

const reportSchema = z.object({ operation: z.literal('STATE'), state: presenceStateSchema });

/** The state of a linked device that has reported none. */
const DEFAULT: PresenceState = 'online';

export interface PeerPresence {
  /** The state of an account, as its linked terminals have reported it. */
  stateOf(account: AccountId): PresenceState;
}

/** Exchanges presence with linked peers from now on, and tells faces of changes. */
export function followPeerPresence(parts: PeerPresenceParts): PeerPresence {
  const { peers, inbox, ownPresence, people, ids, tell } = parts;
  let own = DEFAULT;
  const sent = new Map<DeviceId, PresenceState>();
  const received = new Map<DeviceId, PresenceState>();

  // A state that a full queue does not take is seen in the tracker's list.
  function report({ device }: Peer): void {
    if (own === (sent.get(device) ?? DEFAULT)) return;
    const data = { operation: 'STATE', state: own };
    const id = commandIdSchema.parse(ids.next());
    const result = peers.send(device, makeRequest({ id, title: 'People', data }));
    if (result === 'taken') sent.set(device, own);
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
    for (const peer of peers.open()) report(peer);
  });
  peers.events.on('opened', report);
  peers.events.on('restarted', (peer) => {
    note(peer, DEFAULT);
    sent.delete(peer.device);
    report(peer);
  });
  peers.events.on('forgotten', (device) => {
    sent.delete(device);
    received.delete(device);
  });
  inbox.onPeople((peer, data) => {
    const reported = reportSchema.safeParse(data);
    if (!reported.success) return { phrase: 'INVALID_COMMAND', message: explain(reported.error) };
    note(peer, reported.data.state);
    return { phrase: 'STATE_NOTED' };
  });
  return {
    stateOf: (account) =>
      combined(peers.openOf(account).map(({ device }) => received.get(device) ?? DEFAULT)),
  };
}

/** The state of an account with several terminals, by the tracker's rule: `dnd` outweighs all, `online` outweighs `away`. */
function combined(states: readonly PresenceState[]): PresenceState {
  if (states.includes('dnd')) return 'dnd';
  return states.length > 0 && states.every((state) => state === 'away') ? 'away' : 'online';
}
