// The user's consent to the deletion of most of the history: the question, and the action that answers it.
import type { RetentionSchedule } from '../../history/retention/schedule.js';
import type { AgeCounts } from '../../history/retention/age.js';
import type { Clock } from '../../../core/time/clock.js';
import { exactDuration } from '../../../core/time/duration.js';
import type { Why } from '../diagnostics/why.js';
import type { Tell } from '../events.js';
import { success } from '../outcome.js';
import type { ChatActions } from '../port.js';

export interface RetentionActionsParts {
  readonly retention: RetentionSchedule;
  readonly clock: Clock;
  readonly why: Pick<Why, 'note'>;
  readonly tell: Tell;
}

const DAY_MS = 86_400_000;
const REMEDY =
  'Type "/retention ok" to delete them. Without this consent they are kept while they are more than half of all messages.';

/** Passes each question of the retention schedule on to the user. Returns the actions that answer it. */
export function createRetentionActions({
  retention,
  clock,
  why,
  tell,
}: RetentionActionsParts): Pick<ChatActions, 'retention' | 'deleteExpired'> {
  retention.events.on('asked', (counts) => {
    const reason = question(counts, retention);
    tell('warning', { type: 'Retention', peer: null, message: `${reason} ${REMEDY}`, at: clock.now() });
    why.note({ event: 'Retention', by: null, reason, remedy: REMEDY });
  });
  const state = (deleted: number) => ({
    keepDays: retention.keepDays ?? null,
    keepMessages: retention.keepMessages ?? null,
    waiting: retention.waiting?.expired ?? 0,
    deleted,
  });
  return {
    async retention() {
      const { waiting } = retention;
      const asked = waiting === null ? '' : ` ${question(waiting, retention)} ${REMEDY}`;
      return success(5, 'DONE', state(0), `${limitsOf(retention)}${asked}`);
    },
    async deleteExpired() {
      const deleted = await retention.confirm();
      if (deleted === null) {
        return success(5, 'DONE', state(0), `No deletion waits for your consent. ${limitsOf(retention)}`);
      }
      return success(5, 'DONE', state(deleted.expired), `${counted(deleted.expired)} deleted.`);
    },
  };
}

function limitsOf({ keepDays, keepMessages }: RetentionSchedule): string {
  const limits = [
    ...(keepDays === undefined ? [] : [`deletes messages after ${exactDuration(keepDays * DAY_MS)}`]),
    ...(keepMessages === undefined ? [] : [`keeps the latest ${counted(keepMessages)} of each conversation`]),
  ];
  return limits.length === 0 ? 'This terminal keeps all messages.' : `This terminal ${limits.join(' and ')}.`;
}

const question = ({ expired, stored }: AgeCounts, { keepDays }: RetentionSchedule): string =>
  `${expired} of ${stored} stored messages arrived more than ${exactDuration((keepDays ?? 0) * DAY_MS)} ago, and --keep-days would delete them.`;

const counted = (count: number): string => `${count} ${count === 1 ? 'message' : 'messages'}`;
