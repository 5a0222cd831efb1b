// Terminals without a user interface that send commands to a tracker without pause. They repeat each command with the
// same id until it is answered, and record the answers.

import { BusError } from '../../../core/bus/connection/failure.js';
import { type CommandId, commandIdSchema, systemIds } from '../../../core/ids.js';
import type { Response } from '../../../core/protocol/envelope.js';
import type { Invite } from '../../../core/protocol/invite.js';
import type { Device } from '../../support/device.js';
import { openGuest } from '../../support/device.js';
import type { Dice } from './seeded-random.js';

/** A command that received an answer. */
export interface Acknowledged {
  readonly id: CommandId;
  readonly operation: 'CREATE' | 'JOIN' | 'QUIT';
  readonly room: string;
  readonly account: string;
  readonly answer: Response;
}

export interface Crowd {
  readonly acknowledged: readonly Acknowledged[];
  /** Stops after each command has received its answer. */
  stop(): Promise<void>;
}

const ROOMS = 12;
const PAUSE_MS = 25;

/** Registers `size` accounts and starts their commands. */
export async function gather(invite: Invite, size: number, dice: Dice): Promise<Crowd> {
  const acknowledged: Acknowledged[] = [];
  const over = new AbortController();
  const members = await Promise.all(
    Array.from({ length: size }, async (_, index) => {
      const guest = await openGuest(invite);
      const letter = guest.entering('register', `member-${index}`);
      const device = await guest.become(await persist(() => letter.send()));
      await guest.close();
      return device;
    }),
  );

  async function work(device: Device): Promise<void> {
    while (!over.signal.aborted) {
      const operation = dice.pick(['CREATE', 'JOIN', 'JOIN', 'QUIT'] as const);
      const room = `room-${dice.roll(ROOMS)}`;
      const id = commandIdSchema.parse(systemIds.next());
      const answer = await persist(() => device.ask('chatroom', 'ChatRoom', { operation, name: room }, id));
      acknowledged.push({ id, operation, room, account: device.grant.account, answer });
    }
  }

  const working = members.map(work);
  return {
    acknowledged,
    async stop() {
      over.abort();
      await Promise.all(working);
      for (const device of members) await device.close();
    },
  };
}

/** Repeats a request until the answer is not a failure of the service. The repeated id prevents a second effect. */
async function persist(ask: () => Promise<Response>): Promise<Response> {
  for (;;) {
    try {
      const answer = await ask();
      if (answer.phrase !== 'BUSY' && answer.phrase !== 'UNAVAILABLE') return answer;
    } catch (error) {
      if (!(error instanceof BusError)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
