// The operator's changes of integrations: grant, rotation and revocation. Each is an event; a running tracker applies it at the broker.
import type { IntegrationCommand, NewCredentials } from '../../actors/integration/commands.js';
import { createIntegrationList, type Integration } from '../../actors/projections/integrations.js';
import { credsText, integrationJwt } from '../../core/bus/integration/credentials.js';
import {
  integrationKeySchema,
  type IntegrationName,
  ROOM_SCOPES,
  type Scope,
  type Scoped,
} from '../../core/bus/integration/scope.js';
import type { Keyring } from '../../core/bus/credentials/keyring.js';
import { createNKey } from '../../core/bus/credentials/nkey.js';
import { invariant, messageOf, OperatorError } from '../../core/errors.js';
import type { RecordedEvent } from '../../core/events/event.js';
import type { Sql } from '../../core/events/sql/sql.js';
import { limits } from '../../core/protocol/limits.js';
import { asOperator, type OperatorParts } from '../administration/operation.js';
import { lastPosition, type Moment, spanBetween } from '../moment.js';
import { createNames } from '../subject/names.js';
import { createResolver } from '../subject/resolve.js';
import { claimCredsFile } from './creds-file.js';

export interface IntegrationParts extends OperatorParts {
  /** The keys of the home. */
  readonly keyring: Keyring;
}

export interface CredentialsRequest {
  readonly name: IntegrationName;
  /** The lifetime of the credentials in milliseconds; null: they do not expire. */
  readonly lifetimeMs: number | null;
  readonly reason: string;
  /** The file that receives the credentials. */
  readonly out: string;
}

export interface GrantRequest extends CredentialsRequest {
  readonly scopes: readonly Scope[];
  /** Names or ids as typed; empty: all rooms. */
  readonly rooms: readonly string[];
  /** The first event that it may read; undefined: the first of the log. */
  readonly since: Moment | undefined;
}

export interface RotationRequest extends CredentialsRequest {
  /** Undefined: the scopes stay. */
  readonly scopes: readonly Scope[] | undefined;
  /** Undefined: the rooms stay. */
  readonly rooms: readonly string[] | undefined;
}

export interface Changed {
  readonly integration: Integration;
  readonly event: RecordedEvent;
}

export interface Issued extends Changed {
  /** The absolute path of the credentials. */
  readonly path: string;
}

const MAX_ROOMS = limits.roomsPerIntegration;
const MAX_INTEGRATIONS = limits.integrations;

/** Throws an `OperatorError` and changes nothing if the integration exists, or a room does not. */
export async function addIntegration(parts: IntegrationParts, request: GrantRequest): Promise<Issued> {
  const { name, since } = request;
  const sql = parts.home.reader;
  const scoped = checked({ scopes: request.scopes, rooms: await roomsOf(sql, request.rooms) });
  const list = await createIntegrationList(sql).all();
  if (list.filter(({ revokedAt }) => revokedAt === null).length >= MAX_INTEGRATIONS) {
    throw new OperatorError(
      `nothing was changed: this tracker has ${MAX_INTEGRATIONS} integrations, which is the maximum`,
      'Revoke one that is no longer needed: partyline admin integration revoke NAME --reason TEXT.',
    );
  }
  const { after } = await spanBetween(sql, since, undefined);
  return issue(parts, request, scoped, false, (credentials, personal) => ({
    type: 'GrantIntegration',
    name,
    from: after + 1,
    ...credentials,
    personal,
  }));
}

/** Throws an `OperatorError` and changes nothing if there is no such integration, or a room does not exist. */
export async function rotateIntegration(parts: IntegrationParts, request: RotationRequest): Promise<Issued> {
  const sql = parts.home.reader;
  const current = await existing(sql, request.name);
  const scopes = request.scopes ?? current.scopes;
  const canNarrow = scopes.some((scope) => ROOM_SCOPES.includes(scope));
  const kept = canNarrow ? current.rooms : [];
  const rooms = request.rooms === undefined ? kept : await roomsOf(sql, request.rooms);
  return issue(parts, request, checked({ scopes, rooms }), true, (credentials, personal) => ({
    type: 'RotateIntegration',
    ...credentials,
    personal,
  }));
}

/** Resolves with null if it was revoked already. Throws an `OperatorError` if there never was such an integration. */
export async function revokeIntegration(
  parts: IntegrationParts,
  name: IntegrationName,
  reason: string,
): Promise<Changed | null> {
  return record(parts, name, { type: 'RevokeIntegration', personal: { reason } });
}

async function issue(
  parts: IntegrationParts,
  { name, lifetimeMs, reason, out }: CredentialsRequest,
  scoped: Scoped,
  canReplace: boolean,
  commandFor: (credentials: NewCredentials, personal: { readonly reason: string }) => IntegrationCommand,
): Promise<Issued> {
  const file = await claimCredsFile(out, canReplace);
  const nkey = createNKey('user');
  const issuedAt = parts.clock.now();
  const key = integrationKeySchema.parse(nkey.publicKey);
  const expiresAt = lifetimeMs === null ? null : issuedAt + lifetimeMs;
  const credentials = { key, ...scoped, issuedAt, expiresAt };
  const jwt = integrationJwt({ name, ...credentials }, parts.keyring);
  const changed = await record(parts, name, commandFor(credentials, { reason })).catch(async (thrown) => {
    await file.discard();
    throw thrown;
  });
  invariant(changed !== null, 'new credentials always change the integration');
  try {
    await file.write(credsText(jwt, nkey));
  } catch (cause) {
    throw new OperatorError(
      `${name} is granted, but its credentials could not be written to ${file.path}: ${messageOf(cause)}`,
      `Make new credentials: partyline admin integration rotate ${name} --out FILE --reason TEXT.`,
      { cause },
    );
  }
  return { ...changed, path: file.path };
}

/** Null if nothing had to change. */
async function record(
  parts: IntegrationParts,
  name: IntegrationName,
  command: IntegrationCommand,
): Promise<Changed | null> {
  const { event } = await asOperator(parts, false, async (operator) => {
    const decision = await operator.decide({ kind: 'integration', id: name, command });
    if (decision.kind === 'refused') throw refused(name, decision.reason);
    return { event: decision.events[0] };
  });
  if (event === undefined) return null;
  return { integration: await existing(parts.home.reader, name), event };
}

function refused(name: IntegrationName, reason: string): OperatorError {
  return reason === 'INTEGRATION_EXISTS'
    ? new OperatorError(
        `nothing was changed: there is an integration ${name} already`,
        `Choose another name, or make new credentials: partyline admin integration rotate ${name} --reason TEXT.`,
      )
    : missing(name);
}

/** Throws an `OperatorError` if there never was such an integration. */
export async function existing(sql: Pick<Sql, 'all'>, name: IntegrationName): Promise<Integration> {
  const found = await createIntegrationList(sql).named(name);
  if (found === null) throw missing(name);
  return found;
}

const missing = (name: IntegrationName): OperatorError =>
  new OperatorError(
    `there is no integration ${name}`,
    'Run `partyline admin integration list`, which lists the integrations of this tracker.',
  );

async function roomsOf(sql: Pick<Sql, 'all'>, typed: readonly string[]): Promise<readonly string[]> {
  const resolver = createResolver(sql, createNames(sql));
  const end = await lastPosition(sql);
  const rooms: string[] = [];
  for (const text of typed) rooms.push((await resolver.resolveRoom(text, end)).stream);
  return [...new Set(rooms)];
}

function checked(scoped: Scoped): Scoped {
  const { scopes, rooms } = scoped;
  if (rooms.length > MAX_ROOMS) {
    throw new OperatorError(
      `nothing was changed: an integration can have at most ${MAX_ROOMS} rooms`,
      'Name fewer rooms, or none for all rooms.',
    );
  }
  if (rooms.length > 0 && !scopes.some((scope) => ROOM_SCOPES.includes(scope))) {
    throw new OperatorError(
      'nothing was changed: none of the scopes concerns rooms',
      `--room narrows these scopes only: ${ROOM_SCOPES.join(', ')}.`,
    );
  }
  return { scopes: [...new Set(scopes)], rooms };
}
