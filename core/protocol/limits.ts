// Every limit of the protocol, in one place; LIMITS.md is checked against it.

export const limits = {
  usernameMinLength: 3,
  usernameMaxLength: 24,
  /** How long nobody else gets a name that was given up. */
  usernameHeldDays: 30,
  /** How often an account may be renamed in that time, so that nobody hoards names. */
  usernamesHeld: 10,
  /** Characters of the name of a terminal; what is beyond is cut off. */
  deviceNameMaxLength: 32,
  /** UTF-8 bytes, as all password limits: bcrypt reads no further than 72. */
  passwordMinBytes: 8,
  passwordMaxBytes: 72,
  roomNameMaxLength: 32,
  /** UTF-16 units, as of a reason. */
  topicMaxLength: 200,
  reasonMaxLength: 200,
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
  /** Those that nobody has followed yet. */
  invitationsPerRoom: 200,
  blocksPerAccount: 1_000,
  contactsPerAccount: 10_000,
  /** Bytes of one frame on a link, and of one request to the tracker. */
  frameMaxBytes: 64 * 1024,
  addressesPerDevice: 16,
  /** Of an account, that an introduction to one of them names: 128 people with two each and all there is to say fit 1 MB. */
  devicesPerIntroduction: 8,
  accountsPerIntroduction: 128,
  /** Streams whose versions one `Sync` may name: the rooms of an account and the account itself. */
  streamsPerSync: 128,
  /** Open invitations told in one `Sync`, the first by the room's name. */
  invitationsPerSync: 50,
  /** Rooms in one `/rooms` and people in one `/people`; the first by name. */
  listingMaxRows: 1_000,
  /** Rosters and notices in one answer to a `Sync`, roughly in bytes; there are more answers where that is too few. */
  syncMaxBytes: 512 * 1024,
  /** How old a sealed login may be when the tracker opens it, milliseconds. */
  sealedMaxAgeMs: 120_000,
} as const;
