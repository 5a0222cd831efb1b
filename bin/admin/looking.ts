// The commands of `partyline admin` that look at the log and change nothing.
import type { Command } from 'commander';
import {
  count,
  diffWords,
  JSON_LINES,
  JSON_OBJECT,
  line,
  MOMENT,
  moment,
  speed,
  SUBJECT,
} from './arguments.js';

// Loaded only when one of the commands runs.
const actions = () => import('./looking-actions.js');

/** Adds the commands with `command`, which makes one from its name and description. */
export function addLooking(command: (name: string, description: string) => Command): void {
  command('log', 'Show the events of the log, oldest first.')
    .argument('[subject]', SUBJECT, line)
    .option('--stream <stream>', 'Only events of one account or room, such as room-01…', line)
    .option('--type <type>', 'Only events of one type, such as MemberJoined.', line)
    .option('--account <name or id>', 'Only events that an account caused or that concern it.', line)
    .option('--from, --since <moment>', `Only events from this moment on: ${MOMENT}.`, moment)
    .option('--to, --until <moment>', 'Only events up to this moment.', moment)
    .option('--limit <n>', 'The maximum number of events.', count)
    .option('--follow', 'Wait for new events at the end, until interrupted.')
    .option('--json', JSON_LINES)
    .action(async (subject, options) => (await actions()).log(subject, options));
  command('show', 'Show a room or an account as it is, or as it was at a moment.')
    .argument('<subject>', SUBJECT, line)
    .option('--at <moment>', `The moment: ${MOMENT}.`, moment)
    .option('--json', JSON_OBJECT)
    .action(async (subject, options) => (await actions()).show(subject, options));
  command(
    'who-led',
    'Show who led a room: from when to when, how they became an admin, and why they stopped.',
  )
    .argument('<room>', "the room: '#room', a name, or an id", line)
    .option('--at <moment>', `The end of the timeline: ${MOMENT}.`, moment)
    .option('--json', JSON_OBJECT)
    .action(async (room, options) => (await actions()).whoLed(room, options));
  const diff = command('diff', 'Show the differences between two moments, of one room or account or of all.');
  diff
    .usage('[options] [subject] <from> <to>')
    .argument('<words...>', `${SUBJECT}, if any; then two moments: ${MOMENT}`)
    .option('--json', JSON_LINES)
    .action(async (words, options) => (await actions()).diff(diffWords(words), options));
  command('trace', 'Show a command with its events and their effects, across all streams.')
    .argument('<id>', 'a position, a stream and version (room-01…/7), a command id or a correlation id', line)
    .option('--json', JSON_OBJECT)
    .action(async (id, options) => (await actions()).trace(id, options));
  command('replay', 'Replay the stored events and show the state of the room or account after each event.')
    .argument('[subject]', SUBJECT, line)
    .option('--from, --since <moment>', `Only events from this moment on: ${MOMENT}.`, moment)
    .option('--to, --until <moment>', 'Only events up to this moment.', moment)
    .option(
      '--speed <speed>',
      'max (default) leaves out the pauses between events; 1x keeps them, and 10x is ten times as fast.',
      speed,
    )
    .option('--summary', 'Show only the counts and the digest of all states at the end.')
    .option('--json', JSON_LINES)
    .action(async (subject, options) => (await actions()).replay(subject, options));
}
