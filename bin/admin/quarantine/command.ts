// `partyline admin quarantine`: let a room or account continue without an event that cannot be read.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { explain } from '../../../core/protocol/envelope.js';
import { reasonSchema } from '../../../core/protocol/lines.js';
import { count, JSON_OBJECT, line } from '../arguments.js';

// Loaded only when the command runs.
const actions = () => import('./action.js');

/** Adds the command with `command`, which makes one from its name and description. */
export function addQuarantine(command: (name: string, description: string) => Command): void {
  command(
    'quarantine',
    'Pass over an event that this version cannot read, so that its room or account continues. The tracker may keep running.',
  )
    .argument('<position>', 'the position of the event, which `admin verify` names', count)
    .addOption(
      new Option('--reason <text>', 'The reason, which the log keeps.')
        .argParser(reason)
        .makeOptionMandatory(),
    )
    .option('--undo', 'Release the event instead: it is applied again, or stops its room or account again.')
    .option('--dry-run', 'Show the event that would be recorded. No file is changed.')
    .option('--json', JSON_OBJECT)
    .action(async (position, options) => (await actions()).quarantine(position, options));
}

function reason(text: string): string {
  const parsed = reasonSchema.safeParse(line(text));
  if (!parsed.success) throw new InvalidArgumentError(explain(parsed.error));
  if (parsed.data === '') throw new InvalidArgumentError('Give a reason that is not empty.');
  return parsed.data;
}
