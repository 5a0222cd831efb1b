// `partyline admin …`: the log of a home on this machine, shown, proven, counted, and its tables derived anew.
import { type Command, InvalidArgumentError } from 'commander';
import { entryJson, entryText } from '../admin/entry.js';
import { readHistory } from '../admin/history.js';
import { type AdminHome, withHome } from '../admin/home.js';
import { createNames } from '../admin/names.js';
import { print } from '../admin/output.js';
import { createProgress } from '../admin/progress.js';
import { rebuildHome } from '../admin/rebuild.js';
import { readStats, statsText } from '../admin/stats.js';
import { parseTime } from '../admin/time.js';
import { verificationError, verificationText, verifyHome } from '../admin/verify.js';
import { systemClock } from '../core/clock.js';
import { OperatorError } from '../core/errors.js';
import { readLogHead } from '../core/events/log-reader.js';
import { trackerMigrations } from '../migrations/tracker/all.js';
import { TRACKER_HOME } from './local-invite.js';
import { type Values, withSettings } from './options.js';
import { whenAskedToStop } from './signals.js';

type OfHome = Values<'home'>;

interface LogOptions extends OfHome {
  readonly stream?: string;
  readonly type?: string;
  readonly account?: string;
  readonly since?: number;
  readonly until?: number;
  readonly from?: number;
  readonly limit?: number;
  readonly follow?: boolean;
  readonly json?: boolean;
}

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
    .action(log);
  command('verify', 'Prove the log and what is derived from it; fails at the first bad position.').action(
    verify,
  );
  command('rebuild', 'Derive the tables anew from the log, also while the tracker serves.').action(rebuild);
  command('stats', 'Count what the log holds.')
    .option('--json', 'One JSON object, for programs.')
    .action(stats);
  return admin;
}

async function log(options: LogOptions): Promise<void> {
  const { home, account: whom, follow = false, json = false, ...filter } = options;
  const stopping = new AbortController();
  if (follow) void whenAskedToStop().then(() => stopping.abort());
  await inHome(home, async ({ reader }) => {
    const names = createNames(reader);
    const account = whom === undefined ? undefined : await names.find(whom);
    if (account === null) {
      throw new OperatorError(
        `no account is called ${whom}`,
        'Give its name as it is now, or its id as the log shows it.',
      );
    }
    const events = readHistory(reader, { ...filter, account, follow, signal: stopping.signal });
    const line = json ? entryJson : entryText;
    await print(
      process.stdout,
      (async function* () {
        for await (const event of events) yield await line(event, names);
      })(),
    );
  });
}

async function verify({ home }: OfHome): Promise<void> {
  const result = await inHome(home, (opened) => withProgress(opened, (show) => verifyHome(opened, show)));
  await print(process.stdout, verificationText(result));
  const error = verificationError(result);
  if (error !== null) throw error;
}

async function rebuild({ home }: OfHome): Promise<void> {
  const done = await inHome(home, (opened) => withProgress(opened, (show) => rebuildHome(opened, show)));
  await print(process.stdout, [done]);
}

async function stats({ home, json = false }: OfHome & { readonly json?: boolean }): Promise<void> {
  const found = await inHome(home, readStats);
  await print(process.stdout, json ? [JSON.stringify(found)] : statsText(found));
}

function inHome<T>(home: string | undefined, work: (home: AdminHome) => Promise<T>): Promise<T> {
  const migrations = trackerMigrations.map((Migration) => new Migration().name);
  return withHome({ home: home ?? TRACKER_HOME, migrations }, work);
}

async function withProgress<T>(
  { reader }: AdminHome,
  work: (show: (position: number) => void) => Promise<T>,
): Promise<T> {
  const total = Number((await readLogHead(reader))?.['position'] ?? 0);
  const progress = createProgress(process.stderr, total, systemClock);
  try {
    return await work(progress.show);
  } finally {
    progress.end();
  }
}

function count(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number from 1 on.');
}

function time(text: string): number {
  const parsed = parseTime(text, systemClock);
  if (parsed !== null) return parsed;
  throw new InvalidArgumentError('Give a date, a date with time, or how long ago, such as 90m, 12h or 7d.');
}
