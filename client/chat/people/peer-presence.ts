// Whether people are there, as their terminals tell each other over the links: each change, at once. The tracker's list, which
// counts all terminals, is asked for now and then.
import { z } from 'zod';
import { commandIdSchema, type DeviceId, type Ids } from '../../../core/ids.js';
import { type Answer, explain, makeRequest } from '../../../core/protocol/envelope.js';
import { type PresenceState, presenceStateSchema } from '../../../core/protocol/operations.js';
import { writeFrame } from '../messages/wire.js';
import type { Peer, Peers, Tell } from '../peers/peers.js';
import type { People } from './people.js';

export interface PeerPresenceParts {
  readonly peers: Pick<Peers, 'open' | 'openOf' | 'send'>;
  readonly people: Pick<People, 'nameOf'>;
  readonly ids: Ids;
  readonly tell: Tell;
}

export interface PeerPresence {
  /** How it is here, for all who are linked; nothing where that is no news. */
  announce(state: PresenceState): void;
  /** A link has opened: its peer may not have been reached before. */
  opened(peer: Peer): void;
  /** A peer has started anew: somebody is there, who has heard nothing of us. */
  restarted(peer: Peer): void;
  forgotten(device: DeviceId): void;
  /** What a peer says of its user; anything may come. */
  heard(peer: Peer, data: unknown): Answer<3>;
}

const spokenSchema = z.object({ operation: z.literal('STATE'), state: presenceStateSchema });

/** Of whom nothing else was said is there. */
const UNSAID: PresenceState = 'online';

export function createPeerPresence({ peers, people, ids, tell }: PeerPresenceParts): PeerPresence {
  let own = UNSAID;
  const told = new Map<DeviceId, PresenceState>();
  const said = new Map<DeviceId, PresenceState>();

  // What a full queue does not take is seen in the tracker's list.
  function speak({ device }: Peer): void {
    if (own === (told.get(device) ?? UNSAID)) return;
    const data = { operation: 'STATE', state: own };
    const id = commandIdSchema.parse(ids.next());
    const sent = peers.send(device, writeFrame(makeRequest({ id, title: 'People', data })));
    if (sent === 'taken') told.set(device, own);
  }

  function note({ account, device }: Peer, state: PresenceState): void {
    if (state === (said.get(device) ?? UNSAID)) return;
    said.set(device, state);
    const others = peers.openOf(account).filter((one) => one.device !== device);
    const states = [state, ...others.map((one) => said.get(one.device) ?? UNSAID)];
    tell('presence', { username: people.nameOf(account), state: liveliest(states) });
  }

  return {
    announce(state) {
      own = state;
      for (const peer of peers.open()) speak(peer);
    },
    opened: speak,
    restarted(peer) {
      note(peer, UNSAID);
      told.delete(peer.device);
      speak(peer);
    },
    forgotten(device) {
      told.delete(device);
      said.delete(device);
    },
    heard(peer, data) {
      const spoken = spokenSchema.safeParse(data);
      if (!spoken.success) return { phrase: 'INVALID_COMMAND', message: explain(spoken.error) };
      note(peer, spoken.data.state);
      return { phrase: 'STATE_NOTED' };
    },
  };
}

/** As the tracker counts: one that is not to be disturbed outweighs the others, and one that is used those that are away. */
function liveliest(states: readonly PresenceState[]): PresenceState {
  if (states.includes('dnd')) return 'dnd';
  return states.every((state) => state === 'away') ? 'away' : 'online';
}
