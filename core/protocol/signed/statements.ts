// Statements that the tracker signs: who a peer is, who is in a room, and which events happened.
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
   * When the account got this name, in milliseconds since the epoch by the tracker's clock. The name with the later time is
   * current. Older trackers omit the time.
   */
  namedAt: z.int().min(0).optional(),
});
export type Person = z.infer<typeof personSchema>;

/** A statement for anyone: this key belongs to this account. It has no other content, so it may be passed on. */
export const enrolmentSchema = z.object({
  v: z.literal(1),
  account: accountIdSchema,
  device: deviceIdSchema,
});
export type Enrolment = z.infer<typeof enrolmentSchema>;

/** A statement for one device: this key belongs to this account and is reachable at these addresses. */
export const introductionSchema = z.object({
  v: z.literal(1),
  /** The device that the introduction is for. The introduction is invalid for any other device. */
  to: deviceIdSchema,
  peer: personSchema.extend({
    device: deviceIdSchema,
    /**
     * The account's devices, online or not, the latest enrolled first. A terminal that meets the account for the first
     * time accepts all these devices. Older trackers omit the list.
     */
    devices: z.array(deviceIdSchema).max(limits.devicesPerIntroduction).optional(),
    /** Former names that the account still holds, folded. */
    formerly: z.array(z.string()).max(limits.usernamesHeld).optional(),
    /** Empty for a stranger if one of the two accounts gives its addresses to contacts only. */
    addresses: z.array(candidateSchema).max(limits.addressesPerDevice),
    /** Whether the addresses of both sides are withheld, because one account gives its addresses to contacts only. */
    isStranger: z.boolean().optional(),
  }),
  /** The peer's enrolment, which is passed on together with the peer's messages. Older trackers omit the enrolment. */
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
        /** The room version at which the membership began. */
        joinedVersion: z.int().min(1),
      }),
    )
    .max(limits.membersPerRoom),
});
export type Roster = z.infer<typeof rosterSchema>;

/**
 * The tracker's log to which the versions in rosters and notices belong. A tracker that was restored from a copy has
 * another log: its versions must not be compared with earlier ones.
 */
export const logSchema = z.object({
  v: z.literal(1),
  /** A part of the name in checkpoints, which has no blanks and no plus signs. */
  log: z.string().regex(/^[^\s+]{1,64}$/),
  /** When the log got this identity, in milliseconds since the epoch. */
  since: z.int().min(0),
});
export type LogStatement = z.infer<typeof logSchema>;

/** The domain events that the tracker reports to accounts. */
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

/** One domain event, reported to one account. */
export const noticeSchema = z.object({
  v: z.literal(1),
  stream: z.string().max(64),
  version: z.int().min(1),
  /** A newer tracker may report events that this terminal does not know. */
  type: z.union([noticeTypeSchema, z.string().regex(/^[A-Z][A-Za-z]{1,40}$/)]),
  /** The room of the event; null if the event concerns the account itself. */
  room: z.object({ conversation: conversationIdSchema, name: z.string() }).nullable(),
  /** The person that the event is about. */
  subject: personSchema,
  /** The person who caused the event; null if a rule or the operator of the tracker caused it. */
  by: personSchema.nullable(),
  /** Whether the operator of the tracker caused the event. Older trackers omit it. */
  isByOperator: z.boolean().optional(),
  /** The reason that the person in `by` or the operator gave, or the rule that caused the event. */
  reason: z.string().nullable(),
  /** For `TopicChanged`: the new topic. */
  topic: z.string().optional(),
  /** For `UsernameChanged`: the previous name. */
  formerly: z.string().optional(),
  /** For `DeviceEnrolled` and `DeviceRevoked`: the terminal. */
  device: deviceIdSchema.optional(),
  /**
   * For `RoomUnattended`: the time at which another member becomes admin in addition to the absent admins, in milliseconds since the epoch.
   */
  deadline: z.int().optional(),
  /** Milliseconds since the epoch. */
  at: z.int(),
});
export type Notice = z.infer<typeof noticeSchema>;
