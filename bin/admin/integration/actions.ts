// The actions of the commands of `partyline admin integration`.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createIntegrationList, type Integration } from '../../../actors/projections/integrations.js';
import {
  addIntegration,
  existing,
  type IntegrationParts,
  type Issued,
  revokeIntegration,
  rotateIntegration,
} from '../../../admin/integration/grant.js';
import {
  type IntegrationShown,
  issuedJson,
  issuedText,
  listJson,
  listText,
  revokedJson,
  revokedText,
  shown,
  showJson,
  showText,
} from '../../../admin/integration/text.js';
import type { AdminHome } from '../../../admin/home.js';
import { eventOfRow } from '../../../admin/log/event-row.js';
import { lastPosition, type Moment } from '../../../admin/moment.js';
import { print } from '../../../admin/output.js';
import { createNames } from '../../../admin/subject/names.js';
import { createPaint } from '../../../admin/text/paint.js';
import { streamOf } from '../../../core/actor/aggregate.js';
import { readKeyring } from '../../../core/bus/credentials/keyring.js';
import type { IntegrationName, Scope } from '../../../core/bus/integration/scope.js';
import { invariant } from '../../../core/errors.js';
import { readLogRows } from '../../../core/events/verification/log-reader.js';
import { isFileError } from '../../../core/files.js';
import { parseInvite } from '../../../core/protocol/invite.js';
import { systemClock } from '../../../core/time/clock.js';
import { TRACKER_HOME } from '../../../client/profile/local-invite.js';
import { operatorParts } from '../administration/actions.js';
import { inHome, type Readable, tell } from '../home-command.js';

interface ChangeOptions extends Readable {
  readonly reason: string;
}

interface IssueOptions extends ChangeOptions {
  /** Milliseconds. */
  readonly expires?: number;
  readonly out?: string;
}

interface AddOptions extends IssueOptions {
  readonly scope: readonly Scope[];
  readonly room?: readonly string[];
  readonly since?: Moment;
}

interface RotateOptions extends IssueOptions {
  readonly scope?: readonly Scope[];
  readonly room?: readonly string[];
  readonly allRooms?: boolean;
}

export const add = (name: IntegrationName, options: AddOptions): Promise<void> =>
  issue(options, (parts) =>
    addIntegration(parts, {
      ...request(name, options),
      scopes: options.scope,
      rooms: options.room ?? [],
      since: options.since,
    }),
  );

export const rotate = (name: IntegrationName, options: RotateOptions): Promise<void> =>
  issue(options, (parts) =>
    rotateIntegration(parts, {
      ...request(name, options),
      scopes: options.scope,
      rooms: options.allRooms === true ? [] : options.room,
    }),
  );

export async function revoke(
  name: IntegrationName,
  { home, reason, json = false }: ChangeOptions,
): Promise<void> {
  const changed = await inHome(
    home,
    async (opened) => revokeIntegration(await partsOf(opened), name, reason),
    'change',
  );
  await (json ? print(process.stdout, [revokedJson(name, changed)]) : tell([revokedText(name, changed)]));
}

export async function list({ home, json = false }: Readable): Promise<void> {
  await inHome(home, async (opened) => {
    const all = await createIntegrationList(opened.reader).all();
    const entries: IntegrationShown[] = [];
    for (const one of all) entries.push(await shownIn(opened, one));
    if (json) await print(process.stdout, entries.map(listJson));
    else await tell(listText(entries, createPaint(process.stdout, process.env)));
  });
}

export async function show(name: IntegrationName, { home, json = false }: Readable): Promise<void> {
  await inHome(home, async (opened) => {
    const integration = await shownIn(opened, await existing(opened.reader, name));
    const where = [['stream = ?', streamOf('integration', name)]] as const;
    const rows = await readLogRows(opened.reader, { after: 0, limit: MAX_HISTORY, where });
    const events = rows.map(eventOfRow);
    if (json) await print(process.stdout, [showJson(integration, events)]);
    else await tell(showText(integration, events));
  });
}

/** The events of one integration that `show` lists. */
const MAX_HISTORY = 10_000;

const request = (name: IntegrationName, { expires, reason, out }: IssueOptions) => ({
  name,
  lifetimeMs: expires ?? null,
  reason,
  out: out ?? `${name}.creds`,
});

async function issue(
  { home, json = false }: IssueOptions,
  work: (parts: IntegrationParts) => Promise<Issued>,
): Promise<void> {
  const address = await addressIn(home ?? TRACKER_HOME);
  await inHome(
    home,
    async (opened) => {
      const issued = await work(await partsOf(opened));
      const integration = await shownIn(opened, issued.integration);
      if (json) await print(process.stdout, [issuedJson(issued, integration, address)]);
      else await tell(issuedText(issued, integration, address));
    },
    'change',
  );
}

async function partsOf(home: AdminHome): Promise<IntegrationParts> {
  const keyring = await readKeyring(dirname(home.file));
  invariant(keyring !== undefined, 'an opened home has keys');
  return { ...operatorParts(home), keyring };
}

const shownIn = async ({ reader }: AdminHome, integration: Integration): Promise<IntegrationShown> =>
  shown(integration, createNames(reader), await lastPosition(reader), systemClock.now());

/** The URL of the broker of a home; null if no tracker has run there. */
async function addressIn(home: string): Promise<string | null> {
  try {
    const read = parseInvite(await readFile(join(home, 'invite'), 'utf8'));
    if (!('invite' in read)) return null;
    const { host, port, tls } = read.invite;
    return `${tls === undefined ? 'nats' : 'tls'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return null;
    throw error;
  }
}
