// The definition of a slash command: its form, its help text, and the action it runs on a chat.
import type { Family } from '../../core/protocol/status.js';
import { type Refusal, refusal } from '../chat/outcome.js';
import type { Chat } from '../chat/port.js';
import type { ArgumentReader } from './arguments/arguments.js';
import type { Reply } from './reply.js';

interface Description {
  /** Without the slash. */
  readonly name: string;
  /** As usage shows them; empty for none. */
  readonly parameters: string;
  /** One sentence: what it does. */
  readonly summary: string;
  /** A whole line that works. */
  readonly example: string;
  /** Whose odd code answers a wrong use. */
  readonly family: Family;
  /** What its first argument names: what Tab offers there. */
  readonly names: 'room' | 'person' | 'conversation' | 'command' | null;
  /** After how many words begins what no screen and no history may keep; undefined where nothing is secret. */
  readonly secretAfter?: 0 | 1;
  /** Whether the face ends after it. */
  readonly isLast?: boolean;
}

interface Definition<A> extends Description {
  readonly arguments: ArgumentReader<A>;
  /** Never rejects because of the user or the network. Most commands give one reply. */
  readonly run: (chat: Chat, args: A) => Promise<readonly Reply[]>;
}

/** A command with its arguments, ready to run. */
export type Act = (chat: Chat) => Promise<readonly Reply[]>;

/** A command whose arguments' type only itself knows. */
export interface Command extends Description {
  readonly usage: string;
  /** What the rest of the line makes it do, or the refusal that shows the right use. Pure. */
  prepare(rest: string): { readonly act: Act } | { readonly misuse: Refusal };
}

export function command<A>(definition: Definition<A>): Command {
  const { arguments: readArguments, run, ...description } = definition;
  const usage = `/${definition.name} ${definition.parameters}`.trim();
  return {
    ...description,
    usage,
    prepare(rest) {
      const reading = readArguments(rest);
      if (reading.ok) return { act: (chat) => run(chat, reading.value) };
      return { misuse: misuse({ ...description, usage }, reading.problem) };
    },
  };
}

/** The refusal of a wrong use: the problem, the right use, and the example. */
export function misuse(
  { family, usage, example }: Pick<Command, 'family' | 'usage' | 'example'>,
  problem: string,
): Refusal {
  const sample = example === usage ? '' : `, for example: ${example}`;
  return refusal(family, 'INVALID_COMMAND', `${problem} Write ${usage}${sample}`);
}
