// `partyline admin export` and `admin import`: the log of a home as a file, and a home from such a file.
import type { Command } from 'commander';

// Loaded only when one of the commands runs.
const actions = () => import('./actions.js');

/** Adds the commands with `command`, which makes one from its name and description. */
export function addArchive(command: (name: string, description: string) => Command): void {
  command('export', 'Write the whole log to a file. `admin import` makes an equal home from the file.')
    .argument('<file>', 'a new file, compressed if its name ends in .gz; - is standard output')
    .option('--with-secrets', 'Also write the keys, the password hashes and the addresses of devices.')
    .option(
      '--cloudevents',
      'Write CloudEvents for other programs. They have no names, and `admin import` does not accept them.',
    )
    .action(async (file, options) => (await actions()).exportTo(file, options));
  command('import', 'Make a new home from a file of `admin export`, and check every line of the file.')
    .argument('<file>', 'the file that `admin export` wrote')
    .option('--keys <file>', 'The keys.json of the exported home, if the file was exported without secrets.')
    .option(
      '--as-copy',
      'Give the log of the new home another identity. Needed if the exported tracker continues to run.',
    )
    .action(async (file, options) => (await actions()).importFrom(file, options));
}
