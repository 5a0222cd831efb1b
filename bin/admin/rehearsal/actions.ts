// The actions of the `partyline admin` commands that decide recorded commands again.
import { bisect } from '../../../admin/bisect/bisect.js';
import { parseCondition } from '../../../admin/bisect/condition.js';
import { bisectionJson, bisectionText } from '../../../admin/bisect/text.js';
import { OperatorError } from '../../../core/errors.js';
import { createNames } from '../../../admin/subject/names.js';
import { lastPosition, type Moment } from '../../../admin/moment.js';
import { print } from '../../../admin/output.js';
import { createProgress } from '../../../admin/progress.js';
import { rehearse } from '../../../admin/rehearsal/rehearse.js';
import { rehearsalError, rehearsalJson, rehearsalText } from '../../../admin/rehearsal/text.js';
import { readInserts } from '../../../admin/rehearsal/what-if/insert-file.js';
import { checkChanges, reportOf } from '../../../admin/rehearsal/what-if/report.js';
import type { Rules } from '../../../admin/rehearsal/what-if/rules.js';
import { createHistory } from '../../../admin/rehearsal/what-if/source.js';
import {
  reportJson,
  reportText,
  rulesJson,
  rulesText,
  rulingJson,
  rulingText,
} from '../../../admin/rehearsal/what-if/text.js';
import { createWhatIf } from '../../../admin/rehearsal/what-if/what-if.js';
import { monotonicNow, systemClock } from '../../../core/time/clock.js';
import { inHome, type Readable } from '../home-command.js';
import { look, paint } from '../looking-actions.js';
import { textOf } from '../proofs.js';

export async function rehearsal({ home, json = false }: Readable): Promise<void> {
  await inHome(
    home,
    async ({ reader }) => {
      const end = await lastPosition(reader);
      const progress = createProgress(process.stderr, end, systemClock);
      const start = monotonicNow();
      const done = await rehearse(reader, end, progress.show).finally(progress.end);
      const durationMs = monotonicNow() - start;
      const lines = json
        ? [rehearsalJson(done, durationMs)]
        : await rehearsalText(done, durationMs, createNames(reader), paint());
      await print(process.stdout, lines);
      const error = rehearsalError(done);
      if (error !== null) throw error;
    },
    'look at an older home',
  );
}

interface WhatIfOptions extends Readable {
  readonly drop?: readonly number[];
  readonly insert?: string;
  readonly rule?: Rules;
  readonly rules?: boolean;
}

export async function whatIf(options: WhatIfOptions): Promise<void> {
  const { home, drop = [], insert, rule = {}, json = false } = options;
  if (options.rules === true) return print(process.stdout, json ? rulesJson() : rulesText());
  const commands = insert === undefined ? null : await textOf(insert);
  await look(home, async (from) => {
    const end = await from.end();
    const inserts = commands === null ? [] : await readInserts(from, commands, end);
    const changes = { drops: new Set(drop), inserts, rules: rule };
    checkChanges(changes, end);
    const other = createWhatIf(createHistory(from, end), changes);
    return (async function* () {
      const counts = { commands: 0, different: 0 };
      for await (const ruling of other.rulings()) {
        counts.commands += 1;
        if (!ruling.isDifferent) continue;
        counts.different += 1;
        yield json ? rulingJson(ruling) : `${await rulingText(ruling, from.names, paint())}\n`;
      }
      const report = await reportOf(from, other, counts, end);
      if (json) yield reportJson(report);
      else yield* reportText(report, paint());
    })();
  });
}

/** Exits with 1 if the condition is never true. */
export async function bisection(
  subject: string,
  condition: string,
  { home, at, json = false }: Readable & { readonly at?: Moment },
): Promise<void> {
  const found = { first: false };
  await look(home, async (from) => {
    const { position } = await from.pointAt(at);
    const resolved = await from.resolver.resolve(subject, position);
    const done = await bisect(from, resolved, parseCondition(condition, resolved.kind), position);
    found.first = done.periods.length > 0;
    return json ? [bisectionJson(resolved, condition, done)] : bisectionText(from, done);
  });
  if (found.first) return;
  throw new OperatorError(
    'the condition is never true',
    'Look at the values of the fields with `partyline admin show --json`.',
  );
}
