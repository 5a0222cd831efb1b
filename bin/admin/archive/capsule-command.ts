// `partyline admin capsule`: a part of the log without personal data, to send to somebody else.
import type { Command } from 'commander';
import { JSON_OBJECT, line, MOMENT, moment, SUBJECT } from '../arguments.js';

// Loaded only when the command runs.
const actions = () => import('./capsule-action.js');

/** Adds the command with `command`, which makes one from its name and description. */
export function addCapsule(command: (name: string, description: string) => Command): void {
  command(
    'capsule',
    'Write the events of one room or account to a file, with pseudonyms for names, texts, ids and times. `admin import` makes a home from the file.',
  )
    .argument('<subject>', SUBJECT, line)
    .argument('<file>', 'a new file, compressed if its name ends in .gz')
    .option('--since <moment>', `Leave out people who were gone before this moment: ${MOMENT}.`, moment)
    .option('--until <moment>', 'Only events up to this moment.', moment)
    .option('--names', 'Also print which name each pseudonym stands for. The file does not have this list.')
    .option('--json', JSON_OBJECT)
    .action(async (subject, file, options) => (await actions()).capsule(subject, file, options));
}
