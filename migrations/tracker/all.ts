// Every migration of the tracker's database, oldest first. Only append to this list.
import { EventLog1767225600000 } from './log/1767225600000-event-log.js';
import { PeopleAndRooms1767225600001 } from './1767225600001-people-and-rooms.js';
import { LoginFailures1767225600002 } from './1767225600002-login-failures.js';
import { Snapshots1767225600003 } from './log/1767225600003-snapshots.js';
import { PresentMembers1767225600006 } from './1767225600006-present-members.js';
import { Revocations1767225610000 } from './1767225610000-revocations.js';
import { Moderation1767225620000 } from './1767225620000-moderation.js';
import { Names1767225650000 } from './1767225650000-names.js';
import { Devices1767225651000 } from './1767225651000-devices.js';
import { Blocks1767225652000 } from './1767225652000-blocks.js';
import { Disabled1767225660000 } from './1767225660000-disabled.js';
import { Privacy1767225670000 } from './1767225670000-privacy.js';
import { PresentAndFormer1767225680000 } from './1767225680000-present-and-former.js';
import { LogIntegrity1767225690000 } from './log/1767225690000-log-integrity.js';
import { LogTree1767225750000 } from './log/1767225750000-log-tree.js';
import { RevocationReasons1767225760000 } from './1767225760000-revocation-reasons.js';
import { QuarantinedEvents1767225770000 } from './log/1767225770000-quarantined-events.js';
import { Integrations1767225780000 } from './integration/1767225780000-integrations.js';

export const trackerMigrations = [
  EventLog1767225600000,
  PeopleAndRooms1767225600001,
  LoginFailures1767225600002,
  Snapshots1767225600003,
  PresentMembers1767225600006,
  Revocations1767225610000,
  Moderation1767225620000,
  Names1767225650000,
  Devices1767225651000,
  Blocks1767225652000,
  Disabled1767225660000,
  Privacy1767225670000,
  PresentAndFormer1767225680000,
  LogIntegrity1767225690000,
  LogTree1767225750000,
  RevocationReasons1767225760000,
  QuarantinedEvents1767225770000,
  Integrations1767225780000,
] as const;
