// A terminal that may be killed at any moment: `partyline chat --json` in its own process. It takes typed lines and passes on
// output lines. It stores no lines.
import { z } from 'zod';
import { type Child, startPartyline } from '../../../bin/children/partyline.js';
import type { Dice } from './seeded-random.js';

const toldSchema = z.looseObject({
  event: z.string(),
  state: z.string().optional(),
  line: z.int().optional(),
  status: z.int().optional(),
  id: z.string().optional(),
  link: z.string().nullish(),
  data: z.unknown().optional(),
});
/** One line of the JSON output. */
export type Told = z.infer<typeof toldSchema>;

/** When to die: this many milliseconds after the `count`th event of this kind. */
export interface Moment {
  /** `start`, or an event with its state if it has one, such as `reply` or `link open`. */
  readonly kind: string;
  readonly count: number;
  readonly delayMs: number;
}

const START = 'start';

/**
 * Events of which only a few occur before the terminal is killed. `times`: the latest event, counted from 1, after which it is
 * killed. `ms`: the longest delay until the kill.
 */
const RARE: Readonly<Record<string, { readonly times: number; readonly ms: number }>> = {
  [START]: { times: 1, ms: 2_500 },
  'session online': { times: 1, ms: 300 },
  'link dialing': { times: 2, ms: 60 },
  'link open': { times: 2, ms: 60 },
};

/**
 * Chooses when to die. For a kind that is not in `RARE`, the terminal dies immediately after one of the first `most` events.
 */
export function rollMoment(dice: Dice, kinds: readonly string[], most: number): Moment {
  const kind = dice.pick(kinds);
  const { times, ms } = RARE[kind] ?? { times: most, ms: 1 };
  return { kind, count: 1 + dice.roll(times), delayMs: dice.roll(ms) };
}

export interface MortalTerminal {
  /** Resolves with the reply. Rejects if the terminal ends without a reply. */
  ask(line: string): Promise<Told>;
  /** Types a line without waiting for its reply, so that several lines can be unanswered at once. */
  type(line: string, onReply: (reply: Told) => void): void;
  /** Kills the terminal at that moment, or `longestMs` after its first output line. Resolves when it is dead. */
  dieAt(moment: Moment, longestMs: number): Promise<void>;
  kill(): Promise<void>;
  /** Closes the input. Resolves with the exit code. */
  leave(): Promise<number | null>;
  readonly isAlive: boolean;
  /** The standard error output. */
  readonly errors: string;
}

/** @param onTold receives every output line, including those written just before the terminal died */
export function startMortalTerminal(
  { home, profile, invite }: { readonly home: string; readonly profile: string; readonly invite?: string },
  onTold: (told: Told) => void = () => undefined,
): MortalTerminal {
  const waiting = new Map<number, (reply: Told) => void>();
  const counts = new Map<string, number>();
  let typed = 0;
  let isAlive = true;
  let onCounted: ((kind: string, count: number) => void) | null = null;

  const args = ['chat', '--json', '--profile', profile, '--home', home];
  if (invite !== undefined) args.push(invite);
  const child: Child = startPartyline({ args, onLine: take });
  const ended = child.ended.then((code) => {
    isAlive = false;
    return code;
  });

  function take(line: string): void {
    const told = read(line);
    if (told === null) return;
    const kind = told.state === undefined ? told.event : `${told.event} ${told.state}`;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    if (told.event === 'reply' && told.line !== undefined) {
      const onReply = waiting.get(told.line);
      waiting.delete(told.line);
      onReply?.(told);
    }
    onTold(told);
    onCounted?.(kind, count);
  }

  // The kill may have truncated the last line.
  function read(line: string): Told | null {
    try {
      return toldSchema.parse(JSON.parse(line));
    } catch (error) {
      if (isAlive) throw error;
      return null;
    }
  }

  async function kill(): Promise<void> {
    isAlive = false;
    await child.stop('SIGKILL');
  }

  function type(line: string, onReply: (reply: Told) => void): void {
    typed += 1;
    waiting.set(typed, onReply);
    child.write(line);
  }

  return {
    type,
    kill,
    async ask(line) {
      const reply = new Promise<Told>((resolve) => type(line, resolve));
      const told = await Promise.race([reply, ended]);
      if (told === null || typeof told === 'number') throw new Error(`${profile} ended: ${child.errors}`);
      return told;
    },
    async dieAt({ kind, count, delayMs }, longestMs) {
      let timer: NodeJS.Timeout | undefined;
      const dieIn = (ms: number): void => {
        clearTimeout(timer);
        if (ms === 0) void kill();
        else timer = setTimeout(() => void kill(), ms);
      };
      if (kind === START) dieIn(delayMs);
      onCounted = (counted, so) => {
        if (counted === kind && so === count) dieIn(delayMs);
        else if (kind !== START && timer === undefined) dieIn(longestMs);
      };
      const code = await ended;
      clearTimeout(timer);
      if (code !== null) throw new Error(`${profile} ended unexpectedly: ${child.errors}`);
    },
    async leave() {
      child.end();
      return ended;
    },
    get isAlive() {
      return isAlive;
    },
    get errors() {
      return child.errors;
    },
  };
}
