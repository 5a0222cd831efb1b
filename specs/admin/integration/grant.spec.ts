import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { z } from 'zod';
import {
  addIntegration,
  type GrantRequest,
  type IntegrationParts,
  revokeIntegration,
  rotateIntegration,
} from '../../../admin/integration/grant.js';
import { createLook } from '../../../admin/look.js';
import { createReplay } from '../../../admin/replay/replay.js';
import { rebuildHome } from '../../../admin/rebuild.js';
import { verifyHome } from '../../../admin/verify.js';
import { createIntegrationList } from '../../../actors/projections/integrations.js';
import { readJwt } from '../../../core/bus/credentials/jwt.js';
import { openKeyring } from '../../../core/bus/credentials/keyring.js';
import { nkeyFromSeed } from '../../../core/bus/credentials/nkey.js';
import { integrationAccountOf } from '../../../core/bus/integration/credentials.js';
import { integrationNameSchema } from '../../../core/bus/integration/scope.js';
import { OperatorError } from '../../../core/errors.js';
import { temporaryFolder } from '../../support/folder.js';
import { openScene } from '../administration/scene.js';

const name = integrationNameSchema.parse('audit');
const refused = (message: RegExp) => ({ instanceOf: OperatorError, message });

async function openIntegrations(t: ExecutionContext) {
  const scene = await openScene(t);
  const folder = await temporaryFolder(t);
  const keyring = await openKeyring(folder);
  const parts: IntegrationParts = { ...scene.parts, keyring };
  const request: GrantRequest = {
    name,
    scopes: ['events:rooms'],
    rooms: [],
    since: undefined,
    lifetimeMs: null,
    reason: 'nightly audit',
    out: join(folder, 'audit.creds'),
  };
  return { ...scene, parts, keyring, folder, request, list: createIntegrationList(scene.home.reader) };
}

const claimsSchema = z.looseObject({
  iss: z.string(),
  sub: z.string(),
  name: z.string(),
  iat: z.number(),
  exp: z.number().optional(),
  nats: z.looseObject({ issuer_account: z.string() }),
});

/** The claims and the seed in a credentials file. */
async function credentialsIn(path: string) {
  const text = await readFile(path, 'utf8');
  const [, jwt = '', seed = ''] =
    /^-----BEGIN NATS USER JWT-----\n(\S+)\n[^]*-----BEGIN USER NKEY SEED-----\n(\S+)\n/.exec(text) ?? [];
  const read = readJwt(jwt, claimsSchema);
  if (!read.ok) throw new Error(read.reason);
  return { claims: read.claims, seed };
}

test('integrations: given a grant, then the file has the only copy of the secret, and the log has the grant', async (t) => {
  const { parts, keyring, fixture, request, list } = await openIntegrations(t);
  const { path, event, integration } = await addIntegration(parts, { ...request, lifetimeMs: 60_000 });
  t.is((await stat(path)).mode & 0o777, 0o600);
  const { claims, seed } = await credentialsIn(path);
  const key = nkeyFromSeed(seed).publicKey;
  const now = Math.floor(fixture.clock.now() / 1_000);
  t.like(claims, { iss: keyring.accountSigning.publicKey, sub: key, name: 'audit', iat: now, exp: now + 60 });
  t.is(claims.nats.issuer_account, integrationAccountOf(keyring, name));
  t.like(event, {
    stream: 'integration-audit',
    type: 'IntegrationGranted',
    payload: { key, scopes: ['events:rooms'], rooms: [], from: 1 },
    personal: { reason: 'nightly audit' },
  });
  t.false(JSON.stringify(event).includes(seed));
  t.like(integration, { key, revokedAt: null, expiresAt: integration.issuedAt + 60_000 });
  t.deepEqual(await list.all(), [integration]);
});

test('integrations: given a rotation, then the former key is void, and scopes and rooms stay unless they are given', async (t) => {
  const { parts, request, list, fixture } = await openIntegrations(t);
  const first = await addIntegration(parts, { ...request, rooms: ['#lobby'] });
  const rotation = { ...request, scopes: undefined, rooms: undefined };
  const second = await rotateIntegration(parts, rotation);
  t.deepEqual(second.integration.rooms, first.integration.rooms);
  t.is(first.integration.rooms.length, 1);
  const other = await rotateIntegration(parts, { ...rotation, scopes: ['accounts:read'] });
  t.like(other.integration, { scopes: ['accounts:read'], rooms: [] });
  const voidKeys = await list.voidKeys(name, fixture.clock.now());
  t.deepEqual([...voidKeys.keys()].toSorted(), [first, second].map((one) => one.integration.key).toSorted());
  for (const at of voidKeys.values()) t.true(at >= fixture.clock.now());
  const { seed } = await credentialsIn(other.path);
  t.is<string, string>(nkeyFromSeed(seed).publicKey, other.integration.key);
});

test('integrations: given a clock that was set back, when an integration is rotated, then its former credentials are void all the same', async (t) => {
  const { parts, request, list } = await openIntegrations(t);
  const first = await addIntegration(parts, request);
  const earlier = { now: () => first.integration.issuedAt - 3_600_000 };
  await rotateIntegration({ ...parts, clock: earlier }, { ...request, scopes: undefined, rooms: undefined });
  const voidUntil = (await list.voidKeys(name, 0)).get(first.integration.key) ?? 0;
  t.true(voidUntil >= first.integration.issuedAt);
});

test('integrations: given credentials that have expired, then their key is no longer listed as void', async (t) => {
  const { parts, request, list, fixture } = await openIntegrations(t);
  await addIntegration(parts, { ...request, lifetimeMs: 1_000 });
  await revokeIntegration(parts, name, 'over');
  t.is((await list.voidKeys(name, fixture.clock.now())).size, 1);
  t.is((await list.voidKeys(name, fixture.clock.now() + 2_000)).size, 0);
});

test('integrations: given a revoked one, when it is granted again, then it has new credentials and begins again', async (t) => {
  const { parts, request, folder } = await openIntegrations(t);
  const first = await addIntegration(parts, request);
  t.like(await revokeIntegration(parts, name, 'over'), { event: { type: 'IntegrationRevoked' } });
  t.is(await revokeIntegration(parts, name, 'over'), null);
  const rotation = { ...request, scopes: undefined, rooms: undefined };
  await t.throwsAsync(rotateIntegration(parts, rotation), refused(/no integration audit/));
  const since = { kind: 'position', position: 3 } as const;
  const again = await addIntegration(parts, { ...request, since, out: join(folder, 'again.creds') });
  t.not(again.integration.key, first.integration.key);
  t.like(again.integration, { from: 3, revokedAt: null });
});

test('integrations: given a request that is refused, then neither the log nor a file changes', async (t) => {
  const { parts, request, folder, fixture } = await openIntegrations(t);
  await addIntegration(parts, request);
  const out = join(folder, 'other.creds');
  const notes = join(folder, 'notes.txt');
  await writeFile(notes, 'mine');
  const { position } = await fixture.store.head();
  const other = { ...request, name: integrationNameSchema.parse('other'), out };
  const rotation = { ...other, scopes: undefined, rooms: undefined };
  await t.throwsAsync(addIntegration(parts, { ...request, out }), refused(/is an integration audit already/));
  await t.throwsAsync(addIntegration(parts, { ...other, out: request.out }), refused(/exists already/));
  await t.throwsAsync(addIntegration(parts, { ...other, rooms: ['#attic'] }), refused(/no room/));
  await t.throwsAsync(
    addIntegration(parts, { ...other, scopes: ['admin'], rooms: ['#lobby'] }),
    refused(/none of the scopes concerns rooms/),
  );
  await t.throwsAsync(
    addIntegration(parts, { ...other, out: join(folder, 'none', 'x.creds') }),
    refused(/cannot be used/),
  );
  await t.throwsAsync(rotateIntegration(parts, rotation), refused(/no integration other/));
  await t.throwsAsync(rotateIntegration(parts, { ...rotation, name, out: notes }), refused(/exists already/));
  await t.throwsAsync(revokeIntegration(parts, other.name, 'over'), refused(/no integration other/));
  t.is((await fixture.store.head()).position, position);
  t.is(await readFile(notes, 'utf8'), 'mine');
  await t.throwsAsync(stat(out), { code: 'ENOENT' });
});

test('integrations: the log with them is verified, replayed and rebuilt', async (t) => {
  const { parts, request, home, folder } = await openIntegrations(t);
  await addIntegration(parts, request);
  await rotateIntegration(parts, { ...request, scopes: ['admin'], rooms: undefined });
  await revokeIntegration(parts, name, 'over');
  await addIntegration(parts, { ...request, out: join(folder, 'again.creds') });
  t.is((await verifyHome(home, () => {})).kind, 'intact');
  const look = createLook(home.reader);
  const replay = createReplay(look, null, { after: 0, upTo: Number.POSITIVE_INFINITY });
  for await (const _ of replay.slices());
  t.deepEqual(replay.summary().stopped, []);
  const { snapshot } = await look.states.integration('integration-audit', await look.end());
  t.true(snapshot.matches('granted'));
  await rebuildHome(home, () => {});
  t.is((await verifyHome(home, () => {})).kind, 'intact');
});
