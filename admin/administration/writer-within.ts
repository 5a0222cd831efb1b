// A writer within an open transaction: events that it appends are committed together with all other changes, or not at all.
import { invariant } from '../../core/errors.js';
import type { Head } from '../../core/events/chain.js';
import type { Sql } from '../../core/events/sql/sql.js';
import type { Writer } from '../../core/events/sql/writer.js';

/** @param start the head of the log in the transaction. `head` returns the head after the appended events. */
export function writerWithin(sql: Sql, start: Head): { readonly writer: Writer; readonly head: () => Head } {
  let head = start;
  return {
    head: () => head,
    writer: {
      write: (job) => job(sql),
      async extend(job) {
        const step = await job(sql, head);
        invariant(step.kind !== 'undo', 'an append within a transaction is not taken back');
        if (step.kind === 'keep') ({ head } = step);
        return step.value;
      },
      onExtended: () => () => undefined,
      drain: () => Promise.resolve(),
      isLockedOut: false,
    },
  };
}
