// The actions of the commands of `partyline admin` that verify a log, count its contents, rebuild its tables, and disable
// accounts.
import { disableAccount, enableAccount } from '../../admin/disabling.js';
import { checkSince } from '../../admin/proof/checkpoint.js';
import { print } from '../../admin/output.js';
import { rebuildHome } from '../../admin/rebuild.js';
import { readStats, statsText } from '../../admin/stats.js';
import { jsonText } from '../../admin/text/json.js';
import { verificationError, verificationJson, verificationText, verifyHome } from '../../admin/verify.js';
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

export async function disable({ home }: OfHome, user: string, reason: string): Promise<void> {
  const done = await inHome(home, (opened) => disableAccount(operatorParts(opened), user, reason), 'change');
  await tell([done]);
}

export async function enable({ home }: OfHome, user: string): Promise<void> {
  const done = await inHome(home, (opened) => enableAccount(operatorParts(opened), user), 'change');
  await tell([done]);
}
