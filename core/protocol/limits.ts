// Every limit of the protocol. A spec checks LIMITS.md against it.

export const limits = {
  usernameMinLength: 3,
  usernameMaxLength: 24,
  /** How long the former name of an account stays reserved for this account. */
  usernameHeldDays: 30,
  /** The maximum number of renames of an account within `usernameHeldDays`, so that no account hoards names. */
  usernamesHeld: 10,
  /** Graphemes in the name of a terminal; the rest is cut off. */
  deviceNameMaxLength: 32,
  /** Graphemes of a new password, as its author counts them. */
  passwordMinLength: 8,
  /** UTF-8 bytes: bcrypt reads no more. */
  passwordMaxBytes: 72,
  roomNameMaxLength: 32,
  /** Graphemes; the same limit as for a reason. */
  topicMaxLength: 200,
  reasonMaxLength: 200,
  /** UTF-8 bytes of a topic or a reason, so that a listing of all rooms fits one message of the broker. */
  lineMaxBytes: 800,
  /** UTF-8 bytes of a message's text. */
  messageMaxBytes: 8 * 1024,
  spansPerMessage: 256,
  /** UTF-16 units of one link's address. */
  linkAddressMaxLength: 2_048,
  /** UTF-8 bytes of all link addresses of a message together, so that a message fits a frame. */
  linkAddressesMaxBytes: 8 * 1024,
  membersPerRoom: 128,
  roomsPerAccount: 100,
  bansPerRoom: 1_000,
  /** Invitations that have not been used yet. */
  invitationsPerRoom: 200,
  /** Integrations of one tracker that are not revoked. */
  integrations: 100,
  /** The rooms that narrow the scopes of one integration. */
  roomsPerIntegration: 100,
  blocksPerAccount: 1_000,
  contactsPerAccount: 10_000,
  /** Bytes of one frame on a link, and of one request to the tracker. */
  frameMaxBytes: 64 * 1024,
  addressesPerDevice: 16,
  /**
   * The maximum number of an account's devices in an introduction. The introductions of 128 people with two devices
   * each fit 1 MB.
   */
  devicesPerIntroduction: 8,
  accountsPerIntroduction: 128,
  /** The maximum number of streams in one `Sync`: the rooms of an account and the account itself. */
  streamsPerSync: 128,
  /** The maximum number of other terminals' checkpoints to compare in one `Sync`. */
  comparisonsPerSync: 8,
  /** The maximum number of hashes in a proof: twice the levels of a tree with 2^53 leaves, rounded up. */
  hashesPerProof: 128,
  /** The maximum number of events in one answer to `LOG`. */
  eventsPerRoomLog: 50,
  /** The maximum number of people whom these events name: subject, actor and former admin of each. */
  peoplePerRoomLog: 150,
  /** The maximum number of open invitations in one answer to a `Sync`, in the order of room names. */
  invitationsPerSync: 50,
  /** The maximum number of rooms in one `/rooms` and of people in one `/people`, in the order of names. */
  listingMaxRows: 1_000,
  /**
   * The approximate size of the rosters and notices in one answer to a `Sync`, in bytes. The rest follows in further
   * answers.
   */
  syncMaxBytes: 512 * 1024,
  /** The maximum age of a sealed login when the tracker opens it, in milliseconds. */
  sealedMaxAgeMs: 120_000,
} as const;
