// Helpers for the specs of the loan desk: they turn given commands into a state.
import type { SnapshotFrom } from 'xstate';
import { type Decision, decide, evolve, initial } from '../../../core/actor/machine.js';
import { withoutPersonal } from '../../../core/actor/record.js';
import type { JsonObject } from '../../../core/json.js';
import { type LoanDeskCommand, loanDesk } from './loan-desk.js';

export type DeskSnapshot = SnapshotFrom<typeof loanDesk.machine>;

export const newDesk = (): DeskSnapshot => initial(loanDesk, 'd1');

/** The state and all recorded events after `commands`, refused commands included. */
export function live(commands: readonly LoanDeskCommand[]): {
  state: DeskSnapshot;
  events: { type: string; payload: JsonObject }[];
} {
  let state = newDesk();
  const events: { type: string; payload: JsonObject }[] = [];
  for (const command of commands) {
    const decision: Decision<typeof loanDesk.machine> = decide(loanDesk, state, command);
    if (decision.kind !== 'recorded') continue;
    state = decision.next;
    for (const event of decision.events) {
      const { type, ...payload } = withoutPersonal(event);
      events.push({ type, payload });
    }
  }
  return { state, events };
}

export function replayed(events: readonly { type: string; payload: JsonObject }[]): DeskSnapshot {
  return events.reduce(
    (state, event) => evolve(loanDesk, state, { ...event, schemaVersion: event.type === 'Lent' ? 2 : 1 }),
    newDesk(),
  );
}

/** The parts of a snapshot that make up an aggregate's state. */
export const plain = ({ value, context, status }: DeskSnapshot) => ({ value, context, status });

export const open: LoanDeskCommand = { type: 'OpenDesk', copies: 2, personal: { title: 'Solaris' } };
export const borrow = (reader: string): LoanDeskCommand => ({ type: 'Borrow', reader, dueAt: 14 });
export const giveBack = (reader: string): LoanDeskCommand => ({ type: 'Return', reader, dueAt: 28 });
export const close: LoanDeskCommand = { type: 'CloseDesk', personal: { why: 'Ann moved away' } };
