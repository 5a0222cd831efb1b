// The commander options made from the table of settings. Every command reads flags and environment variables alike.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Setting, type SettingName, type SettingValue, settings } from '../core/config.js';
import { explain } from '../core/protocol/envelope.js';

/** The values of the settings `N`, as commander passes them. */
export type Values<N extends SettingName> = { readonly [K in N]: SettingValue<K> };

/** Adds settings to a command by their names in the table. */
export function withSettings(command: Command, names: readonly SettingName[]): Command {
  for (const name of names) command.addOption(optionOf(settings[name]));
  return command;
}

function optionOf({ flag, env, description, fallback, schema }: Setting<unknown>): Option {
  // For a switch without a value, commander checks only whether the variable is set. The placeholder makes commander read the
  // variable's value.
  const placed = typeof fallback === 'boolean' ? `${flag} [1|0]` : flag;
  const option = new Option(placed, description).env(env);
  if (fallback !== undefined) option.default(fallback);
  // Commander skips this parser for a switch without a value, which counts as true.
  return option.argParser((text) => {
    const parsed = schema.safeParse(text);
    if (parsed.success) return parsed.data;
    throw new InvalidArgumentError(explain(parsed.error));
  });
}
