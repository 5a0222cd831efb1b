// An author who says things as fast as they are answered, at one terminal after another, and remembers what was said and what
// was accepted. It knows nothing of who hears it.
import type { Dice } from './seeded-random.js';
import type { MortalTerminal, Told } from './mortal-terminal.js';

export interface Said {
  readonly conversation: string;
  /** Unlike any other. */
  readonly text: string;
}

export interface Speaker {
  /** In order. */
  readonly said: readonly Said[];
  /** What was answered with 400, in order, with the ids. */
  readonly accepted: readonly (Said & { readonly id: string })[];
  /** Answers that were none of these. */
  readonly refused: readonly Told[];
  /** Goes on at this terminal, with so many lines under way. */
  sitAt(terminal: MortalTerminal, underWay: number): void;
  /** Has so many messages to say from now on; what was left to say is not. */
  speak(count: number): void;
  /** Everything it had to say at its last terminal is answered. */
  readonly isSilent: boolean;
}

interface Seat {
  readonly terminal: MortalTerminal;
  /** Lines under way at most. */
  readonly most: number;
  underWay: number;
  conversation: string;
}

const ACCEPTED = 400;
const OPENED = 500;
/** Of so many messages one is the first in another conversation. */
const STAY = 25;

export function createSpeaker(dice: Dice, conversations: readonly string[]): Speaker {
  const said: Said[] = [];
  const accepted: (Said & { readonly id: string })[] = [];
  const refused: Told[] = [];
  let seat: Seat | null = null;
  let left = 0;

  const isFree = (here: Seat): boolean =>
    here === seat && here.terminal.isAlive && left > 0 && here.underWay < here.most;

  function goOn(here: Seat): void {
    while (isFree(here)) {
      if (here.conversation === '' || dice.roll(STAY) === 0) move(here, dice.pick(conversations));
      say(here);
    }
  }

  function move(here: Seat, conversation: string): void {
    here.conversation = conversation;
    here.terminal.type(`/open ${conversation}`, (reply) => {
      if (reply.status !== OPENED) refused.push(reply);
    });
  }

  function say(here: Seat): void {
    const { conversation } = here;
    const one = { conversation, text: `${said.length} in ${conversation}` };
    left -= 1;
    here.underWay += 1;
    said.push(one);
    here.terminal.type(one.text, (reply) => {
      here.underWay -= 1;
      if (reply.status === ACCEPTED && reply.id !== undefined) accepted.push({ ...one, id: reply.id });
      else refused.push(reply);
      goOn(here);
    });
  }

  return {
    said,
    accepted,
    refused,
    sitAt(terminal, most) {
      seat = { terminal, most, underWay: 0, conversation: '' };
      goOn(seat);
    },
    speak(count) {
      left = count;
      if (seat !== null) goOn(seat);
    },
    get isSilent() {
      return left === 0 && (seat?.underWay ?? 0) === 0;
    },
  };
}
