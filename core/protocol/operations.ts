// The requests to the tracker: the data of each title and of its answers.
import { z } from 'zod';
import { accountIdSchema, deviceIdSchema } from '../ids.js';
import { candidateSchema } from './candidate.js';
import { limits } from './limits.js';
import { reasonSchema, topicSchema } from './lines.js';
import { conversationIdSchema } from './message/message.js';
import { roomNameSchema, usernameSchema } from './names.js';
import { sealedSchema } from './signed/sealed.js';
import { signedSchema } from './signed/signed.js';

/** The data of `Account` requests from a logged-in device. */
export const accountOperationSchema = z.discriminatedUnion('operation', [
  z.object({ operation: z.literal('RENEW') }),
  z.object({ operation: z.literal('LOGOUT') }),
  z.object({ operation: z.literal('DEVICES') }),
  z.object({ operation: z.literal('REVOKE'), device: deviceIdSchema }),
  z.object({ operation: z.literal('RENAME'), username: usernameSchema }),
  z.object({ operation: z.literal('PASSWORD'), ...sealedSchema.shape }),
]);

const ofMember = { name: roomNameSchema, username: usernameSchema };

/** A hash of the log's Merkle tree: 32 bytes in base64. */
const treeHashSchema = z.string().regex(/^[A-Za-z0-9+/]{43}=$/, 'A hash has 32 bytes in base64.');

/** The hashes of a proof, in the order of RFC 6962. */
export const treeProofSchema = z.array(treeHashSchema).max(limits.hashesPerProof);

/** The data of `ChatRoom` requests. */
export const roomOperationSchema = z.discriminatedUnion('operation', [
  z.object({
    operation: z.literal('CREATE'),
    name: roomNameSchema,
    /** Whether the room needs an invitation and is listed only to its members and invited people. */
    isPrivate: z.boolean().optional(),
  }),
  z.object({ operation: z.literal('JOIN'), name: roomNameSchema }),
  z.object({ operation: z.literal('QUIT'), name: roomNameSchema }),
  z.object({ operation: z.literal('MEMBERS'), name: roomNameSchema }),
  z.object({ operation: z.literal('SEE') }),
  z.object({
    operation: z.literal('LOG'),
    name: roomNameSchema,
    /** Only events before this version of the room; the latest if absent. */
    before: z.int().min(1).optional(),
    /** The size of the checkpoint that this terminal has verified. The proofs are for the log of this size. */
    size: z.int().min(1),
  }),
  z.object({ operation: z.literal('REMOVE'), ...ofMember, reason: reasonSchema }),
  z.object({ operation: z.literal('BAN'), ...ofMember, reason: reasonSchema }),
  z.object({ operation: z.literal('UNBAN'), ...ofMember }),
  z.object({ operation: z.literal('PROMOTE'), ...ofMember }),
  /** Demoting oneself means stepping down. */
  z.object({ operation: z.literal('DEMOTE'), ...ofMember }),
  z.object({ operation: z.literal('SUCCESSOR'), ...ofMember }),
  z.object({ operation: z.literal('INVITE'), ...ofMember }),
  z.object({ operation: z.literal('TOPIC'), name: roomNameSchema, topic: topicSchema }),
]);

export type RoomOperation = z.infer<typeof roomOperationSchema>;

/** Whether the user is at the device (`online`), away from it, or must not be disturbed (`dnd`). */
export const presenceStateSchema = z.enum(['online', 'away', 'dnd']);
export type PresenceState = z.infer<typeof presenceStateSchema>;

/**
 * `open`: the tracker gives the user's addresses to anyone who asks. `contacts`: only to accounts that share a room with the user
 * or that the user has written to.
 */
export const privacyChoiceSchema = z.enum(['open', 'contacts']);
export type PrivacyChoice = z.infer<typeof privacyChoiceSchema>;

/** The data of `People` requests. */
export const peopleOperationSchema = z.discriminatedUnion('operation', [
  z.object({ operation: z.literal('LIST') }),
  z.object({
    operation: z.literal('ANNOUNCE'),
    /** The addresses of this device, the most likely first. */
    addresses: z.array(candidateSchema).max(limits.addressesPerDevice),
  }),
  /** The state of this device, kept until it disconnects. `bot`: a program uses the device. Older terminals omit it. */
  z.object({ operation: z.literal('STATE'), state: presenceStateSchema, bot: z.boolean().optional() }),
  /** Announces that this device disconnects, so that the tracker need not wait for its return. */
  z.object({ operation: z.literal('LEAVE') }),
  z.object({ operation: z.literal('BLOCK'), username: usernameSchema }),
  z.object({ operation: z.literal('UNBLOCK'), username: usernameSchema }),
  z.object({ operation: z.literal('BLOCKS') }),
  /** Reads or sets who gets the account's addresses. */
  z.object({ operation: z.literal('PRIVACY'), choice: privacyChoiceSchema.optional() }),
  /**
   * The requesting account has written to `accounts` in private: these become its contacts. No effect while the requesting
   * account is `open`.
   */
  z.object({
    operation: z.literal('ACCEPT'),
    accounts: z.array(accountIdSchema).min(1).max(limits.accountsPerIntroduction),
  }),
]);

/**
 * The answer to `PRIVACY`: the current choice and its start, in milliseconds since the epoch; null if it was never
 * changed.
 */
export const privacyStateSchema = z.object({ privacy: privacyChoiceSchema, since: z.int().nullable() });
export type PrivacyState = z.infer<typeof privacyStateSchema>;

/** The answer to `ACCEPT`: the accounts that were not contacts before. */
export const acceptedSchema = z.object({ accepted: z.array(accountIdSchema) });

/** The answer to `BLOCK`, `UNBLOCK` and `BLOCKS`: all accounts that the account blocks, in the order of names. */
export const blockListSchema = z.object({
  blocks: z.array(z.object({ account: accountIdSchema, username: z.string() })),
});

/** The answer to `ANNOUNCE`. */
export const announcedSchema = z.object({
  /** UDP ports of the tracker's host that report a device's outside address; absent if there are none. */
  reflector: z.object({ ports: z.array(z.int().min(1).max(65_535)).max(4) }).optional(),
});

/** The data of `PRIVATE`: one person by name for a private session, or members of a room by account. */
export const privateOperationSchema = z.union(
  [
    z.object({ username: usernameSchema }),
    z.object({ accounts: z.array(accountIdSchema).min(1).max(limits.accountsPerIntroduction) }),
  ],
  'A private session needs a username, or the accounts of a room.',
);

/** A signed checkpoint of the tracker's log: a C2SP signed note. */
export const checkpointSchema = z.string().max(4_096);

/** The data of `Sync`: the versions that this terminal has of the streams it follows, and the history that it has verified. */
export const syncOperationSchema = z.object({
  /** The checkpoint that this terminal keeps. The answer proves that the log still begins with it. Older terminals send none. */
  checkpoint: z
    .object({ origin: z.string().min(1).max(200), size: z.int().min(0), root: treeHashSchema })
    .optional(),
  /** Sizes of that log that other terminals have verified. The answer proves that its checkpoint continues each of them. */
  compare: z.array(z.int().min(0)).max(limits.comparisonsPerSync).optional(),
  versions: z
    .record(z.string().max(64), z.int().min(0))
    .refine(
      (map) => Object.keys(map).length <= limits.streamsPerSync,
      `At most ${limits.streamsPerSync} streams are allowed at once.`,
    ),
});

export type SyncOperation = z.infer<typeof syncOperationSchema>;

/** The answer to registration, login and renewal. */
export const grantSchema = z.object({
  account: accountIdSchema,
  username: z.string(),
  device: deviceIdSchema,
  /** The device's credentials for the broker. */
  jwt: z.string(),
  /** The expiry of the credentials, in milliseconds since the epoch. */
  expiresAt: z.int(),
});
export type Grant = z.infer<typeof grantSchema>;

/** The answer to `RENAME`. */
export const renamedSchema = z.object({ username: usernameSchema });

/** The answer to `DEVICES`, in the order of enrolment. */
export const deviceListSchema = z.object({
  devices: z.array(
    z.object({
      device: deviceIdSchema,
      name: z.string(),
      /** ISO 8601. `seen` is null if the device was never connected. */
      enrolled: z.iso.datetime(),
      seen: z.iso.datetime().nullable(),
      current: z.boolean(),
      online: z.boolean(),
    }),
  ),
});

/** The answer to `CREATE` and `JOIN`: the current room, signed as a `roster`. */
export const enteredSchema = z.object({ roster: signedSchema });

/** The answer to `QUIT`. `next` is the new admin of the room, if the rules chose one. */
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
      /** When, by whom and by which rule the member became admin; null for a member who is not an admin. */
      leads: z
        .object({
          event: z.string(),
          because: z.enum(['left', 'steppedDown', 'absent', 'removed', 'demoted']).nullable().catch(null),
          by: z.string().nullable(),
          since: z.iso.datetime(),
        })
        .nullable(),
    }),
  ),
  /** The member who would become admin next; null if no other member remains. */
  next: z.string().nullable(),
});

export const peopleListSchema = z.object({
  people: z.array(
    z.object({
      account: accountIdSchema,
      username: z.string(),
      /** The person's state, from all their devices. Newer trackers may send other states, which are read as `online`. */
      state: presenceStateSchema.catch('online'),
      /** Whether a program uses one of their devices. Older trackers omit it. */
      bot: z.boolean().optional().catch(undefined),
    }),
  ),
});

/** The answer to `PRIVATE`: one signed introduction for each online device of the other accounts. */
export const introducedSchema = z.object({
  introductions: z.array(signedSchema),
  /** Present if one person was requested by name. */
  peer: z.object({ account: accountIdSchema, username: z.string() }).optional(),
});

/** The answer to `Sync`: the account's rooms, and the events after the given versions, in order. */
export const syncedSchema = z.object({
  rosters: z.array(signedSchema),
  notices: z.array(signedSchema),
  /** Whether the answer is incomplete. If so, send `Sync` again with the new versions. */
  more: z.boolean(),
  /** The tracker's log, signed as a `log`. Older trackers omit it. */
  log: signedSchema.optional(),
  /** The newest checkpoint of that log. Older trackers omit it and the proofs. */
  checkpoint: checkpointSchema.optional(),
  /** The proof that the checkpoint continues that of the request; absent if it does not, or if the request named none. */
  consistency: treeProofSchema.optional(),
  /** One proof for each size in `compare`, in its order; null if the log is shorter. */
  compared: z.array(treeProofSchema.nullable()).max(limits.comparisonsPerSync).optional(),
});
export type SyncAnswer = z.infer<typeof syncedSchema>;
