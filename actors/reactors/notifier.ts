// The reactor that sends notices of events. It follows the log from its checkpoint, so that a crash loses no notice.
import type { Checkpoints } from '../../core/events/sql/checkpoints.js';
import type { StoppedStreams } from '../../core/events/sql/stopped-streams.js';
import type { EventStore } from '../../core/events/store.js';
import { follow } from '../../core/events/subscription.js';
import { requireKnown } from '../../core/events/unhandled.js';
import type { AccountId } from '../../core/ids.js';
import type { SigningKey } from '../../core/keys.js';
import type { Log } from '../../core/log.js';
import type { Schedule } from '../../core/time/clock.js';
import type { Signed } from '../../core/protocol/signed/signed.js';
import { whyUnknown } from '../host.js';
import type { Presence } from '../presence/presence.js';
import type { Directory } from '../projections/directory.js';
import { audiencesOf, isNoticeable, namesFor, signedNotice } from '../notices/notices.js';

export interface NotifierParts {
  readonly store: EventStore;
  readonly checkpoints: Checkpoints;
  readonly stopped: StoppedStreams;
  readonly directory: Directory;
  readonly presence: Pick<Presence, 'accounts'>;
  readonly signing: SigningKey;
  readonly log: Log;
  readonly schedule: Schedule;
  /** Sends a notice to the connected devices of these accounts. Other devices sync when they reconnect. */
  readonly push: (accounts: ReadonlySet<AccountId>, notice: Signed) => void;
  readonly signal: AbortSignal;
}

/** Runs until `signal` aborts. */
export function runNotifier(parts: NotifierParts): Promise<void> {
  const { directory, presence, signing, push, ...following } = parts;
  return follow(following.store, {
    ...following,
    name: 'notices',
    handleSlice: async (all) => {
      for (const event of all) requireKnown(event, whyUnknown);
      const events = all.filter(isNoticeable);
      const names = await namesFor(directory, events);
      const audiences = await audiencesOf(directory, presence, events);
      for (const [index, event] of events.entries()) {
        const notice = signedNotice(signing, event, names);
        const audience = audiences[index];
        if (notice !== null && audience !== undefined) push(audience, notice);
      }
    },
  });
}
