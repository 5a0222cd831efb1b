// The definition of a slash command: its syntax, its help text, and the action it runs on a chat.
import type { Family } from '../../core/protocol/status.js';
import { type Refusal, refusal } from '../chat/outcome.js';
import type { Chat } from '../chat/port.js';
import type { ArgumentReader } from './arguments/arguments.js';
import type { FaceOptions } from './arguments/options.js';
import type { Reply } from './reply.js';

interface Description {
  /** The name without the slash. */
  readonly name: string;
  /** The parameters as usage shows them. Empty for a command without parameters. */
  readonly parameters: string;
  /** The description of the command, in one to three sentences. */
  readonly summary: string;
  /** A complete line that is valid. */
  readonly example: string;
  /** The status family of a refusal for wrong use. */
  readonly family: Family;
  /** The kind of thing that its first argument names, for completion with Tab. */
  readonly names: 'room' | 'person' | 'conversation' | 'command' | 'option' | null;
  /** The number of arguments before the secret part, which no screen and no history may keep. Undefined without a secret. */
  readonly secretAfter?: 0 | 1;
  /** Whether the face ends after this command. */
  readonly isLast?: boolean;
  /**
   * Whether messages and other independent commands, earlier and later ones, may run at the same time: the command changes nothing
   * that they use, and uses nothing that they change. It takes effect without waiting for anything if it sends a message.
   */
  readonly isIndependent?: boolean;
}

interface Definition<A> extends Description {
  readonly arguments: ArgumentReader<A>;
  /** Never rejects because of the user or the network. Most commands give one reply. */
  readonly run: (chat: Chat, args: A, options: FaceOptions | null) => Replies;
}

/** The replies of a command: all together at its end, or one by one while it runs. */
export type Replies = Promise<readonly Reply[]> | AsyncIterable<Reply>;

/** A command bound to its arguments, ready to run. Only a face that has options passes them. */
export type Act = (chat: Chat, options?: FaceOptions) => Replies;

/** A command that hides the type of its arguments. */
export interface Command extends Description {
  readonly usage: string;
  /** Reads the rest of the line. Returns the action, or the refusal that shows the correct use. Pure. */
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
      if (reading.ok) return { act: (chat, options) => run(chat, reading.value, options ?? null) };
      return { misuse: misuse({ ...description, usage }, reading.problem) };
    },
  };
}

/** The refusal for wrong use: the problem, the correct use, and the example. */
export function misuse(
  { family, usage, example }: Pick<Command, 'family' | 'usage' | 'example'>,
  problem: string,
): Refusal {
  const sample = example === usage ? '' : `, for example: ${example}`;
  return refusal(family, 'INVALID_COMMAND', `${problem} Write ${usage}${sample}`);
}
