// People, devices, rooms and what has been told, in SQL. Each function is part of one transaction that its caller holds.
import { type EntityManager, In } from 'typeorm';
import { z } from 'zod';
import { accountIdSchema, deviceIdSchema } from '../../core/ids.js';
import { conversationIdSchema } from '../../core/protocol/message.js';
import type { Facts, FactsChange, Room } from './port.js';
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
    introducedAt: z.int(),
    introducedBy: z.string(),
    verifiedAt: z.int().nullable(),
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

export async function keep(sql: EntityManager, change: FactsChange): Promise<void> {
  for (const person of change.people ?? []) await sql.upsert(personTable, { ...person }, ['account']);
  for (const device of change.devices ?? []) await sql.upsert(deviceTable, { ...device }, ['device']);
  for (const told of change.told ?? []) await sql.upsert(toldTable, { ...told }, ['stream']);
  for (const conversation of change.privates ?? []) {
    await sql.upsert(privateTable, { conversation }, ['conversation']);
  }
  for (const choice of change.choices ?? [])
    await sql.upsert(linkChoiceTable, { ...choice }, ['conversation']);
  for (const { room, accounts } of change.rooms ?? []) {
    const { memberships, ...row } = room;
    const { conversation } = row;
    await sql.upsert(roomTable, row, ['conversation']);
    await sql.delete(membershipTable, { conversation, account: In([...accounts]) });
    const rows = memberships
      .filter(({ account }) => accounts.includes(account))
      .map((membership) => ({ conversation, ...membership }));
    if (rows.length > 0) await sql.insert(membershipTable, rows);
  }
}
