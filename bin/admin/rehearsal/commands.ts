// The commands of `partyline admin` that decide recorded commands again. They change nothing.
import type { Command } from 'commander';
import { JSON_OBJECT } from '../arguments.js';

// Loaded only when one of the commands runs.
const actions = () => import('./actions.js');

/** Adds the commands with `command`, which makes one from its name and description. */
export function addRehearsal(command: (name: string, description: string) => Command): void {
  command(
    'rehearse',
    'Decide all recorded commands again with this version and apply all events; fails at the first difference.',
  )
    .option('--json', JSON_OBJECT)
    .action(async (options) => (await actions()).rehearsal(options));
}
