// The command `partyline admin time-machine`.
import type { Command } from 'commander';
import { withSettings } from '../../options.js';
import { line, MOMENT, moment, SUBJECT } from '../arguments.js';

// Loaded only when the command runs.
const actions = () => import('./action.js');

/** Adds the command with `command`, which makes one from its name and description. */
export function addTimeMachine(command: (name: string, description: string) => Command): void {
  withSettings(
    command(
      'time-machine',
      'Travel through the log on a full screen: a timeline, and the rooms and accounts as they were at its cursor.',
    )
      .argument(
        '[subject]',
        `${SUBJECT}, which is shown at every moment; by default the room or account of the event at the cursor`,
        line,
      )
      .option('--at <moment>', `The moment to begin at: ${MOMENT} (default).`, moment),
    ['theme', 'ascii'],
  ).action(async (subject, options) => (await actions()).timeMachine(subject, options));
}
