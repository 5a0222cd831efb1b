// An author who sends messages at one terminal after another, as fast as they are answered, and records what was sent
// and accepted. It does not know the recipients.
import type { Dice } from './seeded-random.js';
import type { MortalTerminal, Told } from './mortal-terminal.js';

export interface Said {
  readonly conversation: string;
  /** A text that no other message has. */
  readonly text: string;
}

export interface Speaker {
  /** All messages sent, in order. */
  readonly said: readonly Said[];
  /** The messages answered with 400, in order, with their ids. */
  readonly accepted: readonly (Said & { readonly id: string })[];
  /** All other answers. */
  readonly refused: readonly Told[];
  /** Continues at this terminal, with at most `underWay` unanswered lines. */
  sitAt(terminal: MortalTerminal, underWay: number): void;
  /** Sets the number of messages to send from now on. Messages left from an earlier call are dropped. */
  speak(count: number): void;
  /** Whether everything to send at the last terminal has been answered. */
  readonly isSilent: boolean;
}

interface Seat {
  readonly terminal: MortalTerminal;
  /** The most lines that may be unanswered at once. */
  readonly most: number;
  underWay: number;
  conversation: string;
}

const ACCEPTED = 400;
const OPENED = 500;
/** The average number of messages after which the author changes the conversation. */
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
