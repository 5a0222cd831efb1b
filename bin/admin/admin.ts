// The commands of `partyline admin`: show, verify and count the log of a home on this machine, rebuild its tables, and
// disable accounts.
import { type Command, InvalidArgumentError } from 'commander';
import { type Moment, MOMENT_FORMS, parseMoment } from '../../admin/moment.js';
import { systemClock } from '../../core/time/clock.js';
import { explain } from '../../core/protocol/envelope.js';
import { reasonSchema } from '../../core/protocol/lines.js';
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';
import { withSettings } from '../options.js';

const MOMENT = 'a position, 2026-01-31, 2026-01-31T12:00Z, a time before now (90m, 12h, 7d), or now';
const SUBJECT = "a room or an account: '#room', @user, a current or former name, or an id";
const JSON_OBJECT = 'One JSON object, for programs.';
const JSON_LINES = 'One JSON object per line, for programs.';

// Loaded only when one of the commands runs.
const actions = () => import('./actions.js');

/** Adds `admin` with its commands to `program`. Returns it, so that more commands can be added. */
export function addAdmin(program: Command): Command {
  const admin = program.command('admin').description('Manage a tracker on this machine.');
  const command = (name: string, description: string): Command =>
    withSettings(admin.command(name).description(description), ['home']);
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
  command('verify', 'Verify the log and the tables built from it; fails at the first bad position.')
    .option('--json', JSON_OBJECT)
    .action(async (options) => (await actions()).verify(options));
  command('rebuild', 'Rebuild the tables from the log, also while the tracker runs.').action(
    async (options) => (await actions()).rebuild(options),
  );
  command('stats', 'Count the events, accounts and rooms in the log.')
    .option('--json', JSON_OBJECT)
    .action(async (options) => (await actions()).stats(options));
  command('disable', 'Disable an account: its terminals are disconnected, and it leaves its rooms.')
    .argument('<user>', 'the current name of the account, or its id', line)
    .argument('[reason...]', 'the reason, shown to anyone who logs in with its password', reason, '')
    .action(async (user, why, options) => (await actions()).disable(options, user, why));
  command('enable', 'Enable a disabled account again.')
    .argument('<user>', 'the current name of the account, or its id', line)
    .action(async (user, options) => (await actions()).enable(options, user));
  return admin;
}

function count(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number, 1 or greater.');
}

/** Appends a word to the words so far. */
function reason(word: string, before: string): string {
  const parsed = reasonSchema.safeParse(`${before} ${line(word)}`);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(explain(parsed.error));
}

/** Refuses a text that would take more than one line, or move the cursor, where it is shown. */
function line(text: string): string {
  if (sanitiseLine(text) === text) return text;
  throw new InvalidArgumentError('Give one line without control characters and invisible characters.');
}

function moment(text: string): Moment {
  const parsed = parseMoment(text, systemClock);
  if (parsed !== null) return parsed;
  throw new InvalidArgumentError(MOMENT_FORMS);
}
