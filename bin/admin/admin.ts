// `partyline admin …`: the log of a home on this machine, shown, proven, counted, its tables derived anew, and
// accounts kept out.
import { type Command, InvalidArgumentError } from 'commander';
import { parseTime } from '../../admin/time.js';
import { systemClock } from '../../core/time/clock.js';
import { limits } from '../../core/protocol/limits.js';
import { reasonSchema } from '../../core/protocol/lines.js';
import { withSettings } from '../options.js';

// Loaded when one of them is asked for.
const actions = () => import('./actions.js');

/** Adds `admin` with its commands to `program`; gives it for more of them. */
export function addAdmin(program: Command): Command {
  const admin = program.command('admin').description('Look after a tracker on this machine.');
  const command = (name: string, description: string): Command =>
    withSettings(admin.command(name).description(description), ['home']);
  command('log', 'Show the events of the log, oldest first.')
    .option('--stream <stream>', 'Only those of one account or room, such as room-01…')
    .option('--type <type>', 'Only those of one type, such as MemberJoined.')
    .option('--account <name or id>', 'Only those that an account caused or that tell of it.')
    .option(
      '--since <time>',
      'Only those from a time on: 2026-01-31, 2026-01-31T12:00:00Z, or 90m ago.',
      time,
    )
    .option('--until <time>', 'Only those up to a time.', time)
    .option('--from <position>', 'Only those from a position on.', count)
    .option('--limit <n>', 'At most so many.', count)
    .option('--follow', 'Wait for more at the end, until interrupted.')
    .option('--json', 'One JSON object per line, for programs.')
    .action(async (options) => (await actions()).log(options));
  command('verify', 'Prove the log and what is derived from it; fails at the first bad position.').action(
    async (options) => (await actions()).verify(options),
  );
  command('rebuild', 'Derive the tables anew from the log, also while the tracker serves.').action(
    async (options) => (await actions()).rebuild(options),
  );
  command('stats', 'Count what the log holds.')
    .option('--json', 'One JSON object, for programs.')
    .action(async (options) => (await actions()).stats(options));
  command('disable', 'Keep an account out: its terminals are put out, and it leaves its rooms.')
    .argument('<user>', 'the name of the account as it is now, or its id')
    .argument('[reason...]', 'why, for whoever has its password', reason, '')
    .action(async (user, why, options) => (await actions()).disable(options, user, why));
  command('enable', 'Let an account in again that was disabled.')
    .argument('<user>', 'the name of the account as it is now, or its id')
    .action(async (user, options) => (await actions()).enable(options, user));
  return admin;
}

function count(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number from 1 on.');
}

/** The words so far with one more. */
function reason(word: string, before: string): string {
  const parsed = reasonSchema.safeParse(`${before} ${word}`);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(`A reason has up to ${limits.reasonMaxLength} characters.`);
}

function time(text: string): number {
  const parsed = parseTime(text, systemClock);
  if (parsed !== null) return parsed;
  throw new InvalidArgumentError('Give a date, a date with time, or how long ago, such as 90m, 12h or 7d.');
}
