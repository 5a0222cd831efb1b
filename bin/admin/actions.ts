// The actions of the `partyline admin` commands on a home on this machine.
import { disableAccount, enableAccount, type OperatorParts } from '../../admin/disabling.js';
import { entryJson, entryText } from '../../admin/entry.js';
import { readHistory } from '../../admin/history.js';
import { type AdminHome, withHome } from '../../admin/home.js';
import { createNames } from '../../admin/names.js';
import { print } from '../../admin/output.js';
import { createProgress } from '../../admin/progress.js';
import { rebuildHome } from '../../admin/rebuild.js';
import { readStats, statsText } from '../../admin/stats.js';
import { verificationError, verificationText, verifyHome } from '../../admin/verify.js';
import { keepAliveSchedule, systemClock } from '../../core/time/clock.js';
import { OperatorError } from '../../core/errors.js';
import { systemIds } from '../../core/ids.js';
import { readLogHead } from '../../core/events/verification/log-reader.js';
import { trackerMigrations } from '../../migrations/tracker/all.js';
import { TRACKER_HOME } from '../local-invite.js';
import type { Values } from '../options.js';
import { whenAskedToStop } from '../signals.js';
import { wrapped } from '../wrapped.js';

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

export async function log(options: LogOptions): Promise<void> {
  const { home, account: whom, follow = false, json = false, ...filter } = options;
  const stopping = new AbortController();
  if (follow) void whenAskedToStop().then(() => stopping.abort());
  await inHome(home, async ({ reader }) => {
    const names = createNames(reader);
    const account = whom === undefined ? undefined : await names.find(whom);
    if (account === null) {
      throw new OperatorError(
        `no account has the name or id ${whom}`,
        'Give the current name, or the id that `partyline admin log` shows.',
      );
    }
    const events = readHistory(reader, {
      ...filter,
      account,
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

export async function verify({ home }: OfHome): Promise<void> {
  const result = await inHome(home, (opened) => withProgress(opened, (show) => verifyHome(opened, show)));
  await tell(verificationText(result));
  const error = verificationError(result);
  if (error !== null) throw error;
}

export async function rebuild({ home }: OfHome): Promise<void> {
  const done = await inHome(home, (opened) => withProgress(opened, (show) => rebuildHome(opened, show)));
  await tell([done]);
}

export async function stats({ home, json = false }: OfHome & { readonly json?: boolean }): Promise<void> {
  const found = await inHome(home, readStats);
  await (json ? print(process.stdout, [JSON.stringify(found)]) : tell(statsText(found)));
}

export async function disable({ home }: OfHome, user: string, reason: string): Promise<void> {
  const done = await inHome(home, (opened) => disableAccount(asOperator(opened), user, reason));
  await tell([done]);
}

export async function enable({ home }: OfHome, user: string): Promise<void> {
  const done = await inHome(home, (opened) => enableAccount(asOperator(opened), user));
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
