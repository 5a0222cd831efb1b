// The action of `admin redact`.
import { userInfo } from 'node:os';
import { lastPosition } from '../../../admin/moment.js';
import { print } from '../../../admin/output.js';
import { planRedaction, type RedactionSubject } from '../../../admin/privacy/plan.js';
import { redact as redactHome } from '../../../admin/privacy/redact.js';
import { planText, redactedText, redactionJson } from '../../../admin/privacy/text.js';
import { createNames } from '../../../admin/subject/names.js';
import { createResolver } from '../../../admin/subject/resolve.js';
import { OperatorError } from '../../../core/errors.js';
import type { ReadSql } from '../../../core/events/sql/sql.js';
import { systemIds } from '../../../core/ids.js';
import { systemClock } from '../../../core/time/clock.js';
import { trackerMigrations } from '../../../migrations/tracker/all.js';
import { inHome, type Readable, tell } from '../home-command.js';

interface RedactOptions extends Readable {
  readonly account?: string;
  readonly reason?: string;
  readonly by?: string;
  readonly dryRun?: boolean;
}

export async function redact(positions: readonly number[], options: RedactOptions): Promise<void> {
  const { home, account, reason, by = userInfo().username, dryRun = false, json = false } = options;
  if ((account === undefined) === (positions.length === 0)) {
    throw new OperatorError(
      'neither events nor an account is named',
      'Give positions of events, or an account with --account.',
    );
  }
  if (dryRun) return inHome(home, (opened) => showPlan(opened.reader, positions, account, json));
  if (reason === undefined) {
    throw new OperatorError(
      'a redaction needs a reason, which the log stores',
      'Give the reason with --reason TEXT.',
    );
  }
  const done = await inHome(
    home,
    async (opened) =>
      redactHome(
        { home: opened, migrations: trackerMigrations, clock: systemClock, ids: systemIds },
        { subject: await subjectOf(opened.reader, positions, account), reason, by },
      ),
    'change',
  );
  if (json) await print(process.stdout, [redactionJson(false, done)]);
  else await tell(redactedText(done));
}

async function showPlan(
  reader: ReadSql,
  positions: readonly number[],
  account: string | undefined,
  isJson: boolean,
): Promise<void> {
  const plan = await planRedaction(reader, await subjectOf(reader, positions, account));
  const lines = isJson
    ? [redactionJson(true, { plan, recorded: 0, rows: {} })]
    : await planText(plan, createNames(reader));
  await print(process.stdout, lines);
}

async function subjectOf(
  reader: ReadSql,
  positions: readonly number[],
  account: string | undefined,
): Promise<RedactionSubject> {
  if (account === undefined) return { kind: 'positions', positions };
  const resolver = createResolver(reader, createNames(reader));
  const { id } = await resolver.resolveAccount(account, await lastPosition(reader));
  return { kind: 'account', account: id };
}
