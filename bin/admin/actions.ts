// The actions of the commands of `partyline admin` that verify a log, count its contents, rebuild its tables, and disable
// accounts.
import { administeredJson, administeredText } from '../../admin/administration/report.js';
import { disableAccount, enableAccount } from '../../admin/disabling.js';
import { checkSince } from '../../admin/proof/checkpoint.js';
import { print } from '../../admin/output.js';
import { rebuildHome } from '../../admin/rebuild.js';
import { readStats, statsText } from '../../admin/stats.js';
import { jsonText } from '../../admin/text/json.js';
import { verificationError, verificationJson, verificationText, verifyHome } from '../../admin/verify.js';
import { createNames } from '../../admin/subject/names.js';
import { OperatorError } from '../../core/errors.js';
import { operatorParts } from './administration/actions.js';
import { textOf } from './proofs.js';
import { inHome, type OfHome, type Readable, tell, withProgress } from './home-command.js';

export async function verify({
  home,
  since,
  json = false,
}: Readable & { readonly since?: string }): Promise<void> {
  const note = since === undefined ? null : await textOf(since);
  await inHome(home, async (opened) => {
    const result = await withProgress(opened, (show) => verifyHome(opened, show));
    if (json) await print(process.stdout, [verificationJson(result)]);
    else await tell(verificationText(result));
    const error = verificationError(result);
    if (error !== null) throw error;
    const begins = note === null ? null : await checkSince(opened, note);
    if (begins !== null && !json) await tell([begins]);
  });
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

export interface DisablingOptions extends Readable {
  readonly reason?: string;
  readonly dryRun?: boolean;
}

/** @param words the reason in the form of further arguments; empty if there are none */
export async function disable(options: DisablingOptions, user: string, words: string): Promise<void> {
  if (words !== '' && options.reason !== undefined) {
    throw new OperatorError('there are two reasons', 'Give the reason with --reason only.');
  }
  await setState('disable', disableAccount, { reason: words, ...options }, user);
}

export const enable = (options: DisablingOptions, user: string): Promise<void> =>
  setState('enable', enableAccount, options, user);

async function setState(
  name: string,
  change: typeof disableAccount,
  { home, reason = '', dryRun = false, json = false }: DisablingOptions,
  user: string,
): Promise<void> {
  await inHome(
    home,
    async (opened) => {
      const request = { whom: user, reason, isDryRun: dryRun };
      const { administered, sentence } = await change(operatorParts(opened), request);
      if (json) await print(process.stdout, [administeredJson(name, administered)]);
      else if (dryRun) await tell(await administeredText(administered, createNames(opened.reader)));
      else await tell([sentence]);
    },
    dryRun ? 'look' : 'change',
  );
}
