// `partyline admin redact`: the permanent removal of personal data from the log.
import { type Command, InvalidArgumentError } from 'commander';
import { explain } from '../../../core/protocol/envelope.js';
import { reasonSchema } from '../../../core/protocol/lines.js';
import { count, JSON_OBJECT, line } from '../arguments.js';

// Loaded only when the command runs.
const actions = () => import('./redact-action.js');

/** Adds the command with `command`, which makes one from its name and description. */
export function addRedact(command: (name: string, description: string) => Command): void {
  command(
    'redact',
    'Remove names and texts from the log, the tables and the database file. The tracker must not run.',
  )
    .argument('[positions...]', 'the events whose personal parts are removed', positions)
    .option(
      '--account <name or id>',
      'Instead of positions: disable this account and remove all its personal data.',
      line,
    )
    .option(
      '--reason <text>',
      'The reason, which the log stores. It must not contain the removed texts.',
      reason,
    )
    .option(
      '--by <name>',
      'The person who asks for the redaction, which the log stores; by default the name of the system user.',
      line,
    )
    .option('--dry-run', 'Show the events and change nothing.')
    .option('--json', JSON_OBJECT)
    .action(async (list, options) => (await actions()).redact(list, options));
}

/** Appends a position to the positions so far. */
const positions = (text: string, before: readonly number[] = []): readonly number[] => [
  ...before,
  count(text),
];

function reason(text: string): string {
  const parsed = reasonSchema.safeParse(line(text));
  if (!parsed.success) throw new InvalidArgumentError(explain(parsed.error));
  if (parsed.data === '') throw new InvalidArgumentError('Give a reason that is not empty.');
  return parsed.data;
}
