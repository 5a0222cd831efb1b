// The schema that all migrations together produce. A new file gets this schema directly, without loading TypeORM; only older
// files are migrated. A spec compares this schema with the result of the migrations.

/** The names of the migrations, oldest first. The digits are the time of writing, in milliseconds since the epoch. */
export const migrationNames = [
  'History1767225600000',
  'Topics1767225620000',
  'Attention1767225630000',
  'Names1767225650000',
  'LinkChoices1767225660000',
  'Pins1767225661000',
  'Backfill1767225670000',
  'Search1767225680000',
  'FirstMeetings1767225690000',
  'Places1767225700000',
  'Refusals1767225720000',
  'DraftsAndTrackerLog1767225730000',
  'Clocks1767225740000',
  'Arrivals1767225750000',
  'Checkpoints1767225760000',
  'FormerLogs1767225771000',
  'Unhandled1767225780000',
] as const;

/** The text as SQLite stores it, including quotes and spaces. */
const tables = [
  `"messages" ("position" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "id" text NOT NULL, "conversation" text NOT NULL, "account" text NOT NULL, "device" text NOT NULL, "seq" integer NOT NULL, "hlc" text NOT NULL, "roster" integer NOT NULL, "text" text NOT NULL, "spans" text NOT NULL, "at" integer NOT NULL, "received_at" integer NOT NULL, "proof" text, "sort" text NOT NULL DEFAULT '', "arrival" integer NOT NULL DEFAULT 0, "former_log" integer)`,
  `"posts" ("position" integer PRIMARY KEY NOT NULL, "acked" integer NOT NULL, "of" integer NOT NULL, "refused" integer NOT NULL DEFAULT (0))`,
  `"outbox" ("account" text NOT NULL, "position" integer NOT NULL, PRIMARY KEY ("account", "position")) WITHOUT ROWID`,
  `"withdrawn" ("position" integer NOT NULL, "account" text NOT NULL, PRIMARY KEY ("position", "account")) WITHOUT ROWID`,
  `"counters" ("device" text NOT NULL, "conversation" text NOT NULL, "last" integer NOT NULL, PRIMARY KEY ("device", "conversation"))`,
  `"held" ("conversation" text NOT NULL, "device" text NOT NULL, "first" integer NOT NULL, "last" integer NOT NULL, PRIMARY KEY ("conversation", "device", "first"))`,
  `"people" ("account" text PRIMARY KEY NOT NULL, "username" text NOT NULL, "is_vouched" boolean NOT NULL, "named_at" integer NOT NULL DEFAULT (0))`,
  `"devices" ("device" text PRIMARY KEY NOT NULL, "account" text NOT NULL, "introduced_at" integer NOT NULL DEFAULT (0), "introduced_by" text NOT NULL DEFAULT (''), "verified_at" integer, "enrolment" text, "is_introduced" boolean NOT NULL DEFAULT (TRUE), "was_named_at_first" boolean NOT NULL DEFAULT (FALSE))`,
  `"rooms" ("conversation" text PRIMARY KEY NOT NULL, "name" text NOT NULL, "version" integer NOT NULL, "topic" text NOT NULL DEFAULT (''), "is_private" boolean NOT NULL DEFAULT (FALSE))`,
  `"memberships" ("conversation" text NOT NULL, "account" text NOT NULL, "joined_version" integer NOT NULL, "left_version" integer, "is_admin" boolean NOT NULL, "end" text, PRIMARY KEY ("conversation", "account", "joined_version"))`,
  `"told" ("stream" text PRIMARY KEY NOT NULL, "version" integer NOT NULL)`,
  `"privates" ("conversation" text PRIMARY KEY NOT NULL)`,
  `"unread" ("conversation" text NOT NULL, "position" integer NOT NULL, "is_mention" boolean NOT NULL, PRIMARY KEY ("conversation", "position")) WITHOUT ROWID`,
  `"reads" ("conversation" text PRIMARY KEY NOT NULL, "hlc" text NOT NULL)`,
  `"mutes" ("conversation" text NOT NULL, "account" text NOT NULL, "level" text NOT NULL, "until" integer, PRIMARY KEY ("conversation", "account"))`,
  `"preferences" ("name" text PRIMARY KEY NOT NULL, "is_on" boolean NOT NULL)`,
  `"link_choices" ("conversation" text PRIMARY KEY NOT NULL, "choice" text NOT NULL, "at" integer NOT NULL)`,
  `"drafts" ("account" text NOT NULL, "conversation" text NOT NULL, "text" text NOT NULL, PRIMARY KEY ("account", "conversation"))`,
  `"indexed" ("id" integer PRIMARY KEY NOT NULL, "position" integer NOT NULL)`,
  `"provisional" ("position" integer PRIMARY KEY NOT NULL, "hops" integer NOT NULL DEFAULT (0))`,
  `"handled" ("id" integer PRIMARY KEY NOT NULL, "message" integer NOT NULL, "notice" integer NOT NULL)`,
  `"unhandled_notices" ("number" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "after" integer NOT NULL, "content" text NOT NULL)`,
  `"arrival_clock" ("id" integer PRIMARY KEY NOT NULL, "arrival" integer NOT NULL, "machine" integer NOT NULL, "tracker" integer NOT NULL)`,
  `"checkpoints" ("origin" text PRIMARY KEY NOT NULL, "note" text NOT NULL, "log" text NOT NULL, "fault" text, "at" integer NOT NULL)`,
  `"tracker_log" ("id" integer PRIMARY KEY NOT NULL, "identity" text NOT NULL, "number" integer NOT NULL DEFAULT 1, "since" integer NOT NULL DEFAULT 0)`,
  `"former_memberships" ("log" integer NOT NULL, "conversation" text NOT NULL, "account" text NOT NULL, "joined_version" integer NOT NULL, "left_version" integer NOT NULL, PRIMARY KEY ("log", "conversation", "account", "joined_version"))`,
  `"migrations" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "timestamp" bigint NOT NULL, "name" varchar NOT NULL)`,
] as const;

const indices = [
  'UNIQUE INDEX "messages_number" ON "messages" ("conversation", "device", "seq") ',
  'INDEX "messages_id" ON "messages" ("position" / 1000, "id")',
  'INDEX "messages_order" ON "messages" ("conversation", "sort", "device", "seq")',
  'INDEX "messages_arrival" ON "messages" ("arrival")',
  `INDEX "messages_former" ON "messages" ("conversation", "device", "seq", "former_log", "roster")
       WHERE former_log IS NOT NULL AND proof IS NOT NULL`,
] as const;

const words = `VIRTUAL TABLE words USING fts5(
      text, content = 'messages', content_rowid = 'position', tokenize = 'unicode61 remove_diacritics 2')`;

const rows = [
  'INSERT INTO indexed (id, position) VALUES (1, 0)',
  ...migrationNames.map(
    (name) => `INSERT INTO migrations (timestamp, name) VALUES (${name.replace(/^\D+/, '')}, '${name}')`,
  ),
];

/** Run these in one transaction in an empty file. */
export const schemaStatements: readonly string[] = [
  ...tables.map((table) => `CREATE TABLE ${table}`),
  ...indices.map((index) => `CREATE ${index}`),
  `CREATE ${words}`,
  ...rows,
];
