// The options of the dashboard that /set changes while it runs: their names, their choices, and the reader of a change.
import { z } from 'zod';
import { type ArgumentReader, right, tooMuch, wrong } from './arguments.js';
import { nearestName } from './nearest.js';
import { quoted } from '../quoted.js';

const ON_OFF = ['on', 'off'] as const;

const optionNameSchema = z.enum(['theme', 'ascii', 'mouse', 'members']);
export type OptionName = z.infer<typeof optionNameSchema>;

export const optionNames: readonly OptionName[] = optionNameSchema.options;

/** The values that each option accepts. */
export const optionChoices = {
  theme: ['dark', 'light', 'high-contrast', 'auto'],
  ascii: ON_OFF,
  mouse: ON_OFF,
  members: ON_OFF,
} as const satisfies { readonly [N in OptionName]: readonly string[] };

export type OptionValues = { readonly [N in OptionName]: (typeof optionChoices)[N][number] };

const optionChangeSchema = z.discriminatedUnion('name', [
  z.object({ name: z.literal('theme'), value: z.enum(optionChoices.theme) }),
  z.object({ name: z.literal('ascii'), value: z.enum(optionChoices.ascii) }),
  z.object({ name: z.literal('mouse'), value: z.enum(optionChoices.mouse) }),
  z.object({ name: z.literal('members'), value: z.enum(optionChoices.members) }),
]);
export type OptionChange = z.infer<typeof optionChangeSchema>;

/** The options of the face that runs a command. */
export interface FaceOptions {
  /** The present value of each option. */
  values(): OptionValues;
  /** Resolves when the change has taken effect. */
  choose(change: OptionChange): Promise<void>;
}

/** A request to list all options, to list one, or to change one. */
export type OptionRequest =
  | { readonly kind: 'list'; readonly names: readonly OptionName[] }
  | { readonly kind: 'change'; readonly change: OptionChange };

/** `[OPTION [VALUE]]`, in upper or lower case. */
export const optionRequest: ArgumentReader<OptionRequest> = (rest) => {
  const [name, value, extra] = rest.trim() === '' ? [] : rest.trim().split(/\s+/, 3);
  if (name === undefined) return right({ kind: 'list', names: optionNames });
  const known = optionNameSchema.safeParse(name.toLowerCase());
  if (!known.success) {
    return wrong(
      `The dashboard has no option ${quoted(name)}.${suggestion(name, optionNames)} The options are ${listed(optionNames)}.`,
    );
  }
  if (value === undefined) return right({ kind: 'list', names: [known.data] });
  if (extra !== undefined) return wrong(tooMuch(extra));
  const change = optionChangeSchema.safeParse({ name: known.data, value: value.toLowerCase() });
  if (change.success) return right({ kind: 'change', change: change.data });
  const choices = optionChoices[known.data];
  return wrong(
    `${quoted(value)} is not a value of ${known.data}.${suggestion(value, choices)} The values are ${listed(choices)}.`,
  );
};

/** The values of the option `name`, which may be any text. Empty for an unknown option. */
export function choicesOf(name: string): readonly string[] {
  const known = optionNameSchema.safeParse(name.toLowerCase());
  return known.success ? optionChoices[known.data] : [];
}

/** No option name and no value is longer. The limit bounds the time of a search. */
const WORD_MAX = 32;

function suggestion(typed: string, names: readonly string[]): string {
  const near = nearestName(typed.toLowerCase().slice(0, WORD_MAX), names);
  return near === undefined ? '' : ` Did you mean ${near}?`;
}

const listed = (words: readonly string[]): string =>
  `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
