// People, devices, rooms and what has been told, in SQL. Each function is part of one transaction that its caller holds.
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { accountIdSchema, deviceIdSchema } from '../../core/ids.js';
import { conversationIdSchema } from '../../core/protocol/message.js';
import { parseJson, signedSchema } from '../../core/protocol/signed.js';
import type { Facts, FactsChange, KnownDevice, Room } from './port.js';
import type { Sql } from './sql.js';
import {
  deviceTable,
  linkChoiceTable,
  membershipTable,
  personTable,
  privateTable,
  roomTable,
  toldTable,
} from './tables.js';

const peopleSchema = z.array(
  z.object({ account: accountIdSchema, username: z.string(), isVouched: z.boolean(), namedAt: z.int() }),
);
const devicesSchema = z.array(
  z.object({
    device: deviceIdSchema,
    account: accountIdSchema,
    isIntroduced: z.boolean(),
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
    isPrivate: z.boolean(),
  }),
);
const choicesSchema = z.array(
  z.object({
    conversation: conversationIdSchema,
    choice: z.enum(['auto', 'tcp', 'udp', 'relay']),
    at: z.int(),
  }),
);
const membershipSchema = z.object({
  account: accountIdSchema,
  joinedVersion: z.int(),
  leftVersion: z.int().nullable(),
  isAdmin: z.boolean(),
  end: z.enum(['left', 'removed', 'closed', 'unseen']).nullable(),
});

export async function read(sql: EntityManager): Promise<Facts> {
  const stays = await sql.find(membershipTable, { order: { joinedVersion: 'ASC' } });
  const rooms = roomsSchema.parse(await sql.find(roomTable));
  const privates = await sql.find(privateTable);
  return {
    people: peopleSchema.parse(await sql.find(personTable)),
    devices: devicesSchema.parse(await sql.find(deviceTable)),
    rooms: rooms.map((room): Room => {
      const own = stays.filter(({ conversation }) => conversation === room.conversation);
      return { ...room, memberships: own.map((stay) => membershipSchema.parse(stay)) };
    }),
    told: await sql.find(toldTable),
    privates: privates.map(({ conversation }) => conversationIdSchema.parse(conversation)),
    choices: choicesSchema.parse(await sql.find(linkChoiceTable)),
  };
}

export function keep(sql: Sql, change: FactsChange): void {
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
  for (const { stream, version } of change.told ?? []) {
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
  for (const { room, accounts } of change.rooms ?? []) keepRoom(sql, room, new Set(accounts));
}

function keepDevice(sql: Sql, known: KnownDevice): void {
  sql.run(
    `INSERT OR REPLACE INTO devices
       (device, account, is_introduced, introduced_at, introduced_by, verified_at, enrolment)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    known.device,
    known.account,
    Number(known.isIntroduced),
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
