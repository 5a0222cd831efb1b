// What the tracker states under its signature: who a peer is, who is in a room, and what has happened.
import { z } from 'zod';
import { accountIdSchema, deviceIdSchema } from '../../ids.js';
import { candidateSchema } from '../candidate.js';
import { connectionSchema } from '../envelope.js';
import { limits } from '../limits.js';
import { conversationIdSchema } from '../message/message.js';
import { signedSchema } from './signed.js';

const personSchema = z.object({
  account: accountIdSchema,
  username: z.string(),
  /**
   * Since when it has this name, milliseconds since the epoch by the tracker's clock; of two names the later one holds.
   * An older tracker does not say.
   */
  namedAt: z.int().min(0).optional(),
});
export type Person = z.infer<typeof personSchema>;

/** To anybody: this key speaks for this account. It says no more, so that it may be passed on. */
export const enrolmentSchema = z.object({
  v: z.literal(1),
  account: accountIdSchema,
  device: deviceIdSchema,
});
export type Enrolment = z.infer<typeof enrolmentSchema>;

/** To one device: this key speaks for this account, and may be found here. */
export const introductionSchema = z.object({
  v: z.literal(1),
  /** The device this is meant for; worth nothing to any other. */
  to: deviceIdSchema,
  peer: personSchema.extend({
    device: deviceIdSchema,
    /**
     * The devices of its account, the last enrolled first, whether they are there or not: who meets the account for the first
     * time takes them for its own. An older tracker does not say.
     */
    devices: z.array(deviceIdSchema).max(limits.devicesPerIntroduction).optional(),
    /** Names that it has given up and still holds, folded. */
    formerly: z.array(z.string()).max(limits.usernamesHeld).optional(),
    /** None of a stranger, where one of the two gives theirs to contacts only. */
    addresses: z.array(candidateSchema).max(limits.addressesPerDevice),
    /** Whether addresses are kept back for that reason, from both. */
    isStranger: z.boolean().optional(),
  }),
  /** The peer's enrolment, to be shown to others together with what it said; an older tracker does not sign it. */
  enrolment: signedSchema.optional(),
  connection: connectionSchema,
  /** Milliseconds since the epoch. */
  at: z.int(),
});
export type Introduction = z.infer<typeof introductionSchema>;

/** A room at one version: its members in join order. */
export const rosterSchema = z.object({
  v: z.literal(1),
  conversation: conversationIdSchema,
  name: z.string(),
  version: z.int().min(1),
  topic: z.string(),
  isPrivate: z.boolean(),
  members: z
    .array(
      personSchema.extend({
        isAdmin: z.boolean(),
        /** The version of the room with which the membership began. */
        joinedVersion: z.int().min(1),
      }),
    )
    .max(limits.membersPerRoom),
});
export type Roster = z.infer<typeof rosterSchema>;

/** The domain events that people are told of. */
export const noticeTypeSchema = z.enum([
  'RoomCreated',
  'MemberJoined',
  'MemberLeft',
  'MemberRemoved',
  'MemberBanned',
  'MemberUnbanned',
  'MemberInvited',
  'AdminPromoted',
  'AdminDemoted',
  'AdminSucceeded',
  'SuccessorNamed',
  'TopicChanged',
  'RoomUnattended',
  'RoomAttended',
  'RoomClosed',
  'UsernameChanged',
  'DeviceEnrolled',
  'DeviceRevoked',
  'AccountDisabled',
]);
export type NoticeType = z.infer<typeof noticeTypeSchema>;

/** One domain event, told to one account. */
export const noticeSchema = z.object({
  v: z.literal(1),
  stream: z.string().max(64),
  version: z.int().min(1),
  /** A newer tracker may tell of events that a terminal does not know. */
  type: z.union([noticeTypeSchema, z.string().regex(/^[A-Z][A-Za-z]{1,40}$/)]),
  /** The room it happened in; null for what concerns the account itself. */
  room: z.object({ conversation: conversationIdSchema, name: z.string() }).nullable(),
  /** Whom it is about. */
  subject: personSchema,
  /** Who did it; null when it followed from the rules. */
  by: personSchema.nullable(),
  /** Why, in the words of who did it, or the rule that it followed from. */
  reason: z.string().nullable(),
  /** Of `TopicChanged`: the new one. */
  topic: z.string().optional(),
  /** Of `UsernameChanged`: the name before. */
  formerly: z.string().optional(),
  /** Of `DeviceEnrolled` and `DeviceRevoked`: which terminal. */
  device: deviceIdSchema.optional(),
  /** Of `RoomUnattended`: when somebody else will lead beside the absent admins, milliseconds since the epoch. */
  deadline: z.int().optional(),
  /** Milliseconds since the epoch. */
  at: z.int(),
});
export type Notice = z.infer<typeof noticeSchema>;
