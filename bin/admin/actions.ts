// The actions of the `partyline admin` commands on a home on this machine.
import { disableAccount, enableAccount, type OperatorParts } from '../../admin/disabling.js';
import { type AdminHome, type HomeOptions, withHome } from '../../admin/home.js';
import { entryJson, entryText } from '../../admin/log/entry.js';
import { readHistory } from '../../admin/log/history.js';
import { lastPosition, type Moment, spanBetween } from '../../admin/moment.js';
import { print } from '../../admin/output.js';
import { createProgress } from '../../admin/progress.js';
import { rebuildHome } from '../../admin/rebuild.js';
import { readStats, statsText } from '../../admin/stats.js';
import { createNames } from '../../admin/subject/names.js';
import { createResolver } from '../../admin/subject/resolve.js';
import { jsonText } from '../../admin/text/json.js';
import { verificationError, verificationJson, verificationText, verifyHome } from '../../admin/verify.js';
import { keepAliveSchedule, systemClock } from '../../core/time/clock.js';
import { systemIds } from '../../core/ids.js';
import { readLogHead } from '../../core/events/verification/log-reader.js';
import { trackerMigrations } from '../../migrations/tracker/all.js';
import { TRACKER_HOME } from '../local-invite.js';
import type { Values } from '../options.js';
import { whenAskedToStop } from '../signals.js';
import { wrapped } from '../wrapped.js';

type OfHome = Values<'home'>;
type Readable = OfHome & { readonly json?: boolean };

interface LogOptions extends OfHome {
  readonly stream?: string;
  readonly type?: string;
  readonly account?: string;
  readonly since?: Moment;
  readonly until?: Moment;
  readonly limit?: number;
  readonly follow?: boolean;
  readonly json?: boolean;
}

export async function log(subject: string | undefined, options: LogOptions): Promise<void> {
  const { home, type, limit, account, since, until, follow = false, json = false } = options;
  const stopping = new AbortController();
  if (follow) void whenAskedToStop().then(() => stopping.abort());
  await inHome(home, async ({ reader }) => {
    const names = createNames(reader);
    const resolver = createResolver(reader, names);
    const span = await spanBetween(reader, since, until);
    const end = Math.min(span.upTo, await lastPosition(reader));
    const asked = subject === undefined ? null : await resolver.resolve(subject, end);
    const concerned = account === undefined ? null : await resolver.resolveAccount(account, end);
    const isRoom = asked?.kind === 'room';
    const events = readHistory(reader, {
      type,
      limit,
      stream: options.stream ?? (isRoom ? asked.stream : undefined),
      accounts: [isRoom ? null : asked, concerned].flatMap((one) => (one === null ? [] : one.id)),
      span,
      follow,
      signal: stopping.signal,
      schedule: keepAliveSchedule,
    });
    const line = json ? entryJson : entryText;
    let isEmpty = true;
    await print(
      process.stdout,
      (async function* () {
        for await (const event of events) {
          isEmpty = false;
          yield await line(event, names);
        }
      })(),
    );
    // Without this note a mistyped filter looks like an empty log. It goes to standard error because programs read only
    // standard output.
    if (isEmpty && !follow) process.stderr.write('No events match.\n');
  });
}

export async function verify({ home, json = false }: Readable): Promise<void> {
  const result = await inHome(home, (opened) => withProgress(opened, (show) => verifyHome(opened, show)));
  if (json) await print(process.stdout, [verificationJson(result)]);
  else await tell(verificationText(result));
  const error = verificationError(result);
  if (error !== null) throw error;
}

export async function rebuild({ home }: OfHome): Promise<void> {
  const done = await inHome(
    home,
    (opened) => withProgress(opened, (show) => rebuildHome(opened, show)),
    'change',
  );
  await tell([done]);
}

export async function stats({ home, json = false }: Readable): Promise<void> {
  const found = await inHome(home, readStats);
  await (json ? print(process.stdout, [jsonText('stats/1', found)]) : tell(statsText(found)));
}

export async function disable({ home }: OfHome, user: string, reason: string): Promise<void> {
  const done = await inHome(home, (opened) => disableAccount(asOperator(opened), user, reason), 'change');
  await tell([done]);
}

export async function enable({ home }: OfHome, user: string): Promise<void> {
  const done = await inHome(home, (opened) => enableAccount(asOperator(opened), user), 'change');
  await tell([done]);
}

/** Writes a table for people. On a terminal, a long text wraps within its own column. */
function tell(lines: readonly string[]): Promise<void> {
  return print(
    process.stdout,
    lines.map((line) => wrapped(line, process.stdout, column(line))),
  );
}

const column = (line: string): number => /^\S+ {2,}/.exec(line)?.[0].length ?? 0;

const asOperator = (home: AdminHome): OperatorParts => ({
  home,
  migrations: trackerMigrations,
  clock: systemClock,
  ids: systemIds,
});

function inHome<T>(
  home: string | undefined,
  work: (home: AdminHome) => Promise<T>,
  access: HomeOptions['access'] = 'look',
): Promise<T> {
  const migrations = trackerMigrations.map((Migration) => new Migration().name);
  return withHome({ home: home ?? TRACKER_HOME, migrations, access }, work);
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
