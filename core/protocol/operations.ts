// What may be asked of the tracker: the data of each title, and the data of its answers.
import { z } from 'zod';
import { accountIdSchema, deviceIdSchema } from '../ids.js';
import { candidateSchema } from './candidate.js';
import { limits } from './limits.js';
import { reasonSchema, topicSchema } from './lines.js';
import { conversationIdSchema } from './message/message.js';
import { roomNameSchema, usernameSchema } from './names.js';
import { sealedSchema } from './signed/sealed.js';
import { signedSchema } from './signed/signed.js';

/** `Account`, of a device that is logged in. */
export const accountOperationSchema = z.discriminatedUnion('operation', [
  z.object({ operation: z.literal('RENEW') }),
  z.object({ operation: z.literal('LOGOUT') }),
  z.object({ operation: z.literal('DEVICES') }),
  z.object({ operation: z.literal('REVOKE'), device: deviceIdSchema }),
  z.object({ operation: z.literal('RENAME'), username: usernameSchema }),
  z.object({ operation: z.literal('PASSWORD'), ...sealedSchema.shape }),
]);

const ofMember = { name: roomNameSchema, username: usernameSchema };

/** `ChatRoom`. */
export const roomOperationSchema = z.discriminatedUnion('operation', [
  z.object({
    operation: z.literal('CREATE'),
    name: roomNameSchema,
    /** Whether one comes in by invitation only, and the room is listed to nobody else. */
    isPrivate: z.boolean().optional(),
  }),
  z.object({ operation: z.literal('JOIN'), name: roomNameSchema }),
  z.object({ operation: z.literal('QUIT'), name: roomNameSchema }),
  z.object({ operation: z.literal('MEMBERS'), name: roomNameSchema }),
  z.object({ operation: z.literal('SEE') }),
  z.object({ operation: z.literal('REMOVE'), ...ofMember, reason: reasonSchema }),
  z.object({ operation: z.literal('BAN'), ...ofMember, reason: reasonSchema }),
  z.object({ operation: z.literal('UNBAN'), ...ofMember }),
  z.object({ operation: z.literal('PROMOTE'), ...ofMember }),
  /** Of oneself: stepping down. */
  z.object({ operation: z.literal('DEMOTE'), ...ofMember }),
  z.object({ operation: z.literal('SUCCESSOR'), ...ofMember }),
  z.object({ operation: z.literal('INVITE'), ...ofMember }),
  z.object({ operation: z.literal('TOPIC'), name: roomNameSchema, topic: topicSchema }),
]);

/** Whether the user of a device is there: at it, away from it, or not to be disturbed. */
export const presenceStateSchema = z.enum(['online', 'away', 'dnd']);
export type PresenceState = z.infer<typeof presenceStateSchema>;

/** `open`: to anybody who asks. `contacts`: to whom one shares a room with, or has written to. */
export const privacyChoiceSchema = z.enum(['open', 'contacts']);
export type PrivacyChoice = z.infer<typeof privacyChoiceSchema>;

/** `People`. */
export const peopleOperationSchema = z.discriminatedUnion('operation', [
  z.object({ operation: z.literal('LIST') }),
  z.object({
    operation: z.literal('ANNOUNCE'),
    /** Where this device can be reached, the likeliest first. */
    addresses: z.array(candidateSchema).max(limits.addressesPerDevice),
  }),
  /** Of this device; it is forgotten when the device goes. */
  z.object({ operation: z.literal('STATE'), state: presenceStateSchema }),
  /** This device is about to go: nobody has to wait whether it comes back. */
  z.object({ operation: z.literal('LEAVE') }),
  z.object({ operation: z.literal('BLOCK'), username: usernameSchema }),
  z.object({ operation: z.literal('UNBLOCK'), username: usernameSchema }),
  z.object({ operation: z.literal('BLOCKS') }),
  /** To whom the account's addresses are given: asked, or chosen from now on. */
  z.object({ operation: z.literal('PRIVACY'), choice: privacyChoiceSchema.optional() }),
  /** The account has written to these in private: they are contacts. Without effect while it is open. */
  z.object({
    operation: z.literal('ACCEPT'),
    accounts: z.array(accountIdSchema).min(1).max(limits.accountsPerIntroduction),
  }),
]);

/** The answer to `PRIVACY`: what holds, and since when; milliseconds since the epoch, null for from the beginning. */
export const privacyStateSchema = z.object({ privacy: privacyChoiceSchema, since: z.int().nullable() });
export type PrivacyState = z.infer<typeof privacyStateSchema>;

/** The answer to `ACCEPT`: those who were none before. */
export const acceptedSchema = z.object({ accepted: z.array(accountIdSchema) });

/** The answer to `BLOCK`, `UNBLOCK` and `BLOCKS`: all whom the account has blocked now, by name. */
export const blockListSchema = z.object({
  blocks: z.array(z.object({ account: accountIdSchema, username: z.string() })),
});

/** The answer to `ANNOUNCE`. */
export const announcedSchema = z.object({
  /** UDP ports of the tracker's host that tell a device which address it has from outside; absent where there are none. */
  reflector: z.object({ ports: z.array(z.int().min(1).max(65_535)).max(4) }).optional(),
});

/** `PRIVATE`: one person by name for a private session, or those of a room by account. */
export const privateOperationSchema = z.union(
  [
    z.object({ username: usernameSchema }),
    z.object({ accounts: z.array(accountIdSchema).min(1).max(limits.accountsPerIntroduction) }),
  ],
  'A private session needs a username, or the accounts of a room.',
);

/** `Sync`: the versions this terminal has of each stream it follows. */
export const syncOperationSchema = z.object({
  versions: z
    .record(z.string().max(64), z.int().min(0))
    .refine(
      (map) => Object.keys(map).length <= limits.streamsPerSync,
      `At most ${limits.streamsPerSync} streams at once.`,
    ),
});

/** The answer to registration, login and renewal. */
export const grantSchema = z.object({
  account: accountIdSchema,
  username: z.string(),
  device: deviceIdSchema,
  /** The device's credentials for the broker. */
  jwt: z.string(),
  /** When they expire, milliseconds since the epoch. */
  expiresAt: z.int(),
});
export type Grant = z.infer<typeof grantSchema>;

/** The answer to `RENAME`. */
export const renamedSchema = z.object({ username: usernameSchema });

/** The answer to `DEVICES`: in the order in which they were enrolled. */
export const deviceListSchema = z.object({
  devices: z.array(
    z.object({
      device: deviceIdSchema,
      name: z.string(),
      /** ISO 8601; of `seen` null where it has never been. */
      enrolled: z.iso.datetime(),
      seen: z.iso.datetime().nullable(),
      current: z.boolean(),
      online: z.boolean(),
    }),
  ),
});

/** The answer to `CREATE` and `JOIN`: the room as it stands, signed as a `roster`. */
export const enteredSchema = z.object({ roster: signedSchema });

/** The answer to `QUIT`; `next` leads the room now, if the rules made somebody admin. */
export const quitSchema = z.object({
  conversation: conversationIdSchema,
  name: z.string(),
  next: z.string().nullable(),
});

export const roomListSchema = z.object({
  rooms: z.array(
    z.object({
      name: z.string(),
      members: z.int(),
      topic: z.string(),
      private: z.boolean(),
      joined: z.boolean(),
    }),
  ),
});

export const memberListSchema = z.object({
  members: z.array(
    z.object({
      username: z.string(),
      admin: z.boolean(),
      joined: z.iso.datetime(),
      online: z.boolean(),
      /** The event that made an admin of them, when, by whom, and by which rule; null for one who is none. */
      leads: z
        .object({
          event: z.string(),
          because: z.enum(['left', 'steppedDown', 'absent']).nullable().catch(null),
          by: z.string().nullable(),
          since: z.iso.datetime(),
        })
        .nullable(),
    }),
  ),
  /** Who would lead next; null when nobody else is left. */
  next: z.string().nullable(),
});

export const peopleListSchema = z.object({
  people: z.array(
    z.object({
      account: accountIdSchema,
      username: z.string(),
      /** Of the liveliest of its devices. A newer tracker may know further states. */
      state: presenceStateSchema.catch('online'),
    }),
  ),
});

/** The answer to `PRIVATE`: one signed introduction for each device of the others that is online. */
export const introducedSchema = z.object({
  introductions: z.array(signedSchema),
  /** Present when one person was asked for by name. */
  peer: z.object({ account: accountIdSchema, username: z.string() }).optional(),
});

/** The answer to `Sync`: the rooms the account is in, and what happened since the versions given, in order. */
export const syncedSchema = z.object({
  rosters: z.array(signedSchema),
  notices: z.array(signedSchema),
  /** Whether there is more than fits into one answer: ask again with what is known then. */
  more: z.boolean(),
});
