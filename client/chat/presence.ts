// Whether people are there, as their terminals tell each other over the links: each change, at once. The tracker's list, which
// counts all terminals, is asked for now and then.
import { z } from 'zod';
import { commandIdSchema, type DeviceId, type Ids } from '../../core/ids.js';
import { type Answer, explain, makeRequest } from '../../core/protocol/envelope.js';
import { type PresenceState, presenceStateSchema } from '../../core/protocol/operations.js';
import { writeFrame } from './frames.js';
import type { Peer, Peers, Tell } from './peers.js';
import type { People } from './people.js';

export interface PresenceParts {
  readonly peers: Pick<Peers, 'open' | 'openOf' | 'send'>;
  readonly people: Pick<People, 'nameOf'>;
  readonly ids: Ids;
  readonly tell: Tell;
}

export interface Presence {
  /** How it is here, for all who are linked; nothing where that is no news. */
  announce(state: PresenceState): void;
  /** A link has opened, or its peer has started anew: what it said before is out of date, and it has heard nothing of us. */
  opened(peer: Peer): void;
  /** What a peer says of its user; anything may come. */
  heard(peer: Peer, data: unknown): Answer<3>;
}

const spokenSchema = z.object({ operation: z.literal('STATE'), state: presenceStateSchema });

export function createPresence({ peers, people, ids, tell }: PresenceParts): Presence {
  let own: PresenceState = 'online';
  /** Of devices that have said so since their link opened; the others' users are there. */
  const said = new Map<DeviceId, PresenceState>();

  // What a full queue does not take is seen in the tracker's list.
  function speak({ device }: Peer): void {
    const data = { operation: 'STATE', state: own };
    const id = commandIdSchema.parse(ids.next());
    peers.send(device, writeFrame(makeRequest({ id, title: 'People', data })));
  }

  return {
    announce(state) {
      if (state === own) return;
      own = state;
      for (const peer of peers.open()) speak(peer);
    },
    opened(peer) {
      said.delete(peer.device);
      if (own !== 'online') speak(peer);
    },
    heard({ account, device }, data) {
      const spoken = spokenSchema.safeParse(data);
      if (!spoken.success) return { phrase: 'INVALID_COMMAND', message: explain(spoken.error) };
      said.set(device, spoken.data.state);
      const states = peers.openOf(account).map((one) => said.get(one.device) ?? 'online');
      tell('presence', { username: people.nameOf(account), state: liveliest(states) });
      return { phrase: 'STATE_NOTED' };
    },
  };
}

/** As the tracker counts: one that is not to be disturbed outweighs the others, and one that is used those that are away. */
function liveliest(states: readonly PresenceState[]): PresenceState {
  if (states.includes('dnd')) return 'dnd';
  return states.every((state) => state === 'away') ? 'away' : 'online';
}
