// From the table of settings to commander's options: every command reads flags and environment alike.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Setting, type SettingName, type SettingValue, settings } from '../core/config.js';
import { explain } from '../core/protocol/envelope.js';

/** The values of the settings `N`, as commander hands them over. */
export type Values<N extends SettingName> = { readonly [K in N]: SettingValue<K> };

/** Adds settings to a command, by their names in the table. */
export function withSettings(command: Command, names: readonly SettingName[]): Command {
  for (const name of names) command.addOption(optionOf(settings[name]));
  return command;
}

function optionOf({ flag, env, description, fallback, schema }: Setting<unknown>): Option {
  // Of a switch without a place for a value commander reads no variable, only that there is one.
  const placed = typeof fallback === 'boolean' ? `${flag} [1|0]` : flag;
  const option = new Option(placed, description).env(env);
  if (fallback !== undefined) option.default(fallback);
  // Not asked of a switch without a value: that is true.
  return option.argParser((text) => {
    const parsed = schema.safeParse(text);
    if (parsed.success) return parsed.data;
    throw new InvalidArgumentError(explain(parsed.error));
  });
}
