// The metrics of a running tracker. Each value is read from a part of the tracker on demand; no part stores values for the
// metrics.
import type { EventStore } from '../../core/events/store.js';
import type { Metrics } from '../../core/metrics.js';
import type { WriteAheadLog } from '../../core/write-ahead-log.js';
import type { Presence } from '../presence/presence.js';
import type { Tally } from './tally.js';

export interface FigureParts {
  readonly store: Pick<EventStore, 'head'>;
  readonly presence: Presence;
  readonly writeAheadLog: Pick<WriteAheadLog, 'bytes'>;
  /** Commands in progress, by aggregate. */
  readonly commands: Tally;
  /** Passwords that wait or are being hashed or compared. */
  readonly passwords: Tally;
}

export function showFigures(metrics: Metrics, parts: FigureParts): void {
  const { store, presence, writeAheadLog, commands, passwords } = parts;
  const figures: Readonly<Record<string, readonly [help: string, read: () => number | Promise<number>]>> = {
    partyline_log_position: [
      'The position of the last event in the log.',
      async () => (await store.head()).position,
    ],
    partyline_write_ahead_log_bytes: [
      'The size of the write-ahead log of the database. It exceeds 24 MiB if another program keeps the database open.',
      () => writeAheadLog.bytes(),
    ],
    partyline_commands_in_hand: [
      'Commands that wait for an actor or are in progress.',
      () => commands.total(),
    ],
    partyline_mailbox_depth_max: [
      'Commands of the account or room with the longest queue. A queue of 1,000 is full, and the answer is BUSY.',
      () => commands.most(),
    ],
    partyline_passwords_in_hand: [
      'Passwords that wait for hashing or are being hashed.',
      () => passwords.total(),
    ],
    partyline_accounts_online: [
      'Accounts with at least one device online.',
      () => presence.accounts().length,
    ],
    partyline_devices_online: [
      'Devices online.',
      () => presence.accounts().reduce((sum, account) => sum + presence.devicesOf(account).length, 0),
    ],
  };
  for (const [name, [help, read]] of Object.entries(figures)) metrics.show({ name, help, read });
}
