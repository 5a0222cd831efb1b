// The queries on people, devices, rooms and stream positions. Each function runs inside its caller's transaction.
import { z } from 'zod';
import { accountIdSchema, deviceIdSchema } from '../../core/ids.js';
import { conversationIdSchema } from '../../core/protocol/message/message.js';
import { parseJson, signedSchema } from '../../core/protocol/signed/signed.js';
import type { KnownDevice, KnownState, KnownStateChange, Membership, Room } from './port.js';
import type { KeptCheckpoint } from './tracker-state.js';
import { keepNotice } from './unhandled/unhandled.js';
import type { Sql } from './database/sql.js';

const isTrue = z.int().transform((bit) => bit !== 0);

const peopleSchema = z.array(
  z.object({ account: accountIdSchema, username: z.string(), isVouched: isTrue, namedAt: z.int() }),
);
const devicesSchema = z.array(
  z.object({
    device: deviceIdSchema,
    account: accountIdSchema,
    isIntroduced: isTrue,
    wasNamedAtFirst: isTrue,
    introducedAt: z.int(),
    introducedBy: z.string(),
    verifiedAt: z.int().nullable(),
    enrolment: z
      .string()
      .transform((text) => signedSchema.parse(parseJson(text)))
      .nullable(),
  }),
);
const roomsSchema = z.array(
  z.object({
    conversation: conversationIdSchema,
    name: z.string(),
    version: z.int(),
    topic: z.string(),
    isPrivate: isTrue,
  }),
);
const choicesSchema = z.array(
  z.object({
    conversation: conversationIdSchema,
    choice: z.enum(['auto', 'tcp', 'udp', 'relay']),
    at: z.int(),
  }),
);
const staysSchema = z.array(
  z.object({
    conversation: conversationIdSchema,
    account: accountIdSchema,
    joinedVersion: z.int(),
    leftVersion: z.int().nullable(),
    isAdmin: isTrue,
    end: z.enum(['left', 'removed', 'closed', 'unseen']).nullable(),
  }),
);

const streamPositionsSchema = z.array(z.object({ stream: z.string(), version: z.int() }));
const privatesSchema = z.array(
  z.object({ conversation: conversationIdSchema }).transform((row) => row.conversation),
);

const faultSchema = z.object({
  kind: z.enum(['rewritten', 'rolledBack', 'forked']),
  at: z.int(),
  evidence: z.string().nullable(),
});
const checkpointsSchema = z.array(
  z.object({
    origin: z.string(),
    note: z.string(),
    log: z.string().transform((text) => signedSchema.parse(parseJson(text))),
    fault: z
      .string()
      .transform((text) => faultSchema.parse(parseJson(text)))
      .nullable(),
    at: z.int(),
  }),
);
/** The checkpoints and memberships of older logs are deleted: a tracker gets another log only when it is restored. */
const LOGS_KEPT = 100;

const trackerLogSchema = z.object({ identity: z.string(), since: z.int() }).optional();

export function readKnownState(sql: Sql): KnownState {
  const stays = new Map<string, Membership[]>();
  const rows = sql.all(
    `SELECT conversation, account, joined_version AS joinedVersion, left_version AS leftVersion,
       is_admin AS isAdmin, "end" FROM memberships ORDER BY joined_version`,
  );
  for (const { conversation, ...stay } of staysSchema.parse(rows)) {
    const known = stays.get(conversation) ?? [];
    known.push(stay);
    stays.set(conversation, known);
  }
  const rooms = roomsSchema.parse(
    sql.all('SELECT conversation, name, version, topic, is_private AS isPrivate FROM rooms'),
  );
  return {
    people: peopleSchema.parse(
      sql.all('SELECT account, username, is_vouched AS isVouched, named_at AS namedAt FROM people'),
    ),
    devices: devicesSchema.parse(
      sql.all(
        `SELECT device, account, is_introduced AS isIntroduced, was_named_at_first AS wasNamedAtFirst,
           introduced_at AS introducedAt, introduced_by AS introducedBy, verified_at AS verifiedAt, enrolment FROM devices`,
      ),
    ),
    rooms: rooms.map((room) => ({ ...room, memberships: stays.get(room.conversation) ?? [] })),
    streamPositions: streamPositionsSchema.parse(sql.all('SELECT stream, version FROM told')),
    privates: privatesSchema.parse(sql.all('SELECT conversation FROM privates')),
    choices: choicesSchema.parse(sql.all('SELECT conversation, choice, at FROM link_choices')),
    trackerLog:
      trackerLogSchema.parse(sql.get('SELECT identity, since FROM tracker_log WHERE id = 1')) ?? null,
    checkpoints: checkpointsSchema.parse(
      sql.all('SELECT origin, note, log, fault, at FROM checkpoints ORDER BY at DESC, origin'),
    ),
  };
}

export function saveKnownState(sql: Sql, change: KnownStateChange): void {
  if (change.trackerLog !== undefined) keepTrackerLog(sql, change.trackerLog);
  for (const { account, username, isVouched, namedAt } of change.people ?? []) {
    sql.run(
      'INSERT OR REPLACE INTO people (account, username, is_vouched, named_at) VALUES (?, ?, ?, ?)',
      account,
      username,
      Number(isVouched),
      namedAt,
    );
  }
  for (const device of change.devices ?? []) keepDevice(sql, device);
  for (const { stream, version } of change.streamPositions ?? []) {
    sql.run('INSERT OR REPLACE INTO told (stream, version) VALUES (?, ?)', stream, version);
  }
  for (const conversation of change.privates ?? []) {
    sql.run('INSERT OR REPLACE INTO privates (conversation) VALUES (?)', conversation);
  }
  for (const { conversation, choice, at } of change.choices ?? []) {
    sql.run(
      'INSERT OR REPLACE INTO link_choices (conversation, choice, at) VALUES (?, ?, ?)',
      conversation,
      choice,
      at,
    );
  }
  for (const checkpoint of change.checkpoints ?? []) keepCheckpoint(sql, checkpoint);
  for (const { room, accounts } of change.rooms ?? []) keepRoom(sql, room, new Set(accounts));
  for (const content of change.unhandledNotices ?? []) keepNotice(sql, content);
}

function keepTrackerLog(
  sql: Sql,
  { identity, since, isOther }: NonNullable<KnownStateChange['trackerLog']>,
): void {
  if (isOther) keepFormerLog(sql);
  sql.run(
    `INSERT INTO tracker_log (id, identity, since, number) VALUES (1, ?1, ?2, 1)
     ON CONFLICT (id) DO UPDATE SET identity = ?1, since = ?2, number = number + ?3`,
    identity,
    since,
    Number(isOther),
  );
  if (!isOther) return;
  sql.run('DELETE FROM told');
  sql.run('DELETE FROM memberships');
  sql.run('UPDATE rooms SET version = 0');
  sql.run('UPDATE people SET named_at = 0');
}

/**
 * Makes the stored messages and memberships those of a former log. A membership counts up to the last version of the room that
 * is known here.
 */
function keepFormerLog(sql: Sql): void {
  sql.run(
    `INSERT INTO former_memberships (log, conversation, account, joined_version, left_version)
     SELECT log.number, stay.conversation, stay.account, stay.joined_version, IFNULL(stay.left_version, room.version + 1)
     FROM tracker_log log, memberships stay JOIN rooms room ON room.conversation = stay.conversation`,
  );
  sql.run(
    `UPDATE messages SET former_log = (SELECT number FROM tracker_log) WHERE former_log IS NULL AND roster > 0`,
  );
  sql.run('DELETE FROM former_memberships WHERE log <= (SELECT number FROM tracker_log) - ?', LOGS_KEPT);
}

function keepCheckpoint(sql: Sql, { origin, note, log, fault, at }: KeptCheckpoint): void {
  sql.run(
    'INSERT OR REPLACE INTO checkpoints (origin, note, log, fault, at) VALUES (?, ?, ?, ?, ?)',
    origin,
    note,
    JSON.stringify(log),
    fault === null ? null : JSON.stringify(fault),
    at,
  );
  sql.run(
    'DELETE FROM checkpoints WHERE origin NOT IN (SELECT origin FROM checkpoints ORDER BY at DESC, origin LIMIT ?)',
    LOGS_KEPT,
  );
}

function keepDevice(sql: Sql, known: KnownDevice): void {
  sql.run(
    `INSERT OR REPLACE INTO devices
       (device, account, is_introduced, was_named_at_first, introduced_at, introduced_by, verified_at, enrolment)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    known.device,
    known.account,
    Number(known.isIntroduced),
    Number(known.wasNamedAtFirst),
    known.introducedAt,
    known.introducedBy,
    known.verifiedAt,
    known.enrolment === null ? null : JSON.stringify(known.enrolment),
  );
}

function keepRoom(sql: Sql, room: Room, accounts: ReadonlySet<string>): void {
  const { conversation, name, version, topic, isPrivate, memberships } = room;
  sql.run(
    'INSERT OR REPLACE INTO rooms (conversation, name, version, topic, is_private) VALUES (?, ?, ?, ?, ?)',
    conversation,
    name,
    version,
    topic,
    Number(isPrivate),
  );
  for (const account of accounts) {
    sql.run('DELETE FROM memberships WHERE conversation = ? AND account = ?', conversation, account);
  }
  for (const { account, joinedVersion, leftVersion, isAdmin, end } of memberships) {
    if (!accounts.has(account)) continue;
    sql.run(
      `INSERT INTO memberships (conversation, account, joined_version, left_version, is_admin, "end")
       VALUES (?, ?, ?, ?, ?, ?)`,
      conversation,
      account,
      joinedVersion,
      leftVersion,
      Number(isAdmin),
      end,
    );
  }
}
