// Every migration of a terminal's history, oldest first. Only append to this list.
import { History1767225600000 } from './1767225600000-history.js';
import { Topics1767225620000 } from './1767225620000-topics.js';
import { Attention1767225630000 } from './1767225630000-attention.js';
import { Names1767225650000 } from './1767225650000-names.js';
import { LinkChoices1767225660000 } from './1767225660000-link-choices.js';
import { Pins1767225661000 } from './1767225661000-pins.js';
import { Backfill1767225670000 } from './1767225670000-backfill.js';
import { Search1767225680000 } from './1767225680000-search.js';
import { FirstMeetings1767225690000 } from './1767225690000-first-meetings.js';
import { Places1767225700000 } from './1767225700000-places.js';
import { Refusals1767225720000 } from './1767225720000-refusals.js';
import { DraftsAndTrackerLog1767225730000 } from './1767225730000-drafts-and-tracker-log.js';
import { Clocks1767225740000 } from './1767225740000-clocks.js';
import { Arrivals1767225750000 } from './1767225750000-arrivals.js';
import { Checkpoints1767225760000 } from './witness/1767225760000-checkpoints.js';
import { FormerLogs1767225771000 } from './restored/1767225771000-former-logs.js';
import { Unhandled1767225780000 } from './bots/1767225780000-unhandled.js';

export const clientMigrations = [
  History1767225600000,
  Topics1767225620000,
  Attention1767225630000,
  Names1767225650000,
  LinkChoices1767225660000,
  Pins1767225661000,
  Backfill1767225670000,
  Search1767225680000,
  FirstMeetings1767225690000,
  Places1767225700000,
  Refusals1767225720000,
  DraftsAndTrackerLog1767225730000,
  Clocks1767225740000,
  Arrivals1767225750000,
  Checkpoints1767225760000,
  FormerLogs1767225771000,
  Unhandled1767225780000,
] as const;
