// The rights of a client of the broker: which subjects it may publish to and subscribe to. The broker itself decides.
import { setImmediate } from 'node:timers/promises';
import type { Bus } from '../../../core/bus/bus.js';

/** For each subject: `P` if the client may publish and `S` if it may subscribe, with `-` in place of a missing right. */
export type Rights = ReadonlyMap<string, string>;

/** @param real replaces the names of the table with those of the broker */
export async function rightsOf(
  bus: Bus,
  subjects: readonly string[],
  real: (subject: string) => string,
): Promise<Rights> {
  const denied = new Set<string>();
  const end = bus.onStatus((status) => {
    if (status.type === 'denied') denied.add(`${status.operation} ${status.subject}`);
  });
  const ears = subjects.map((subject) => bus.subscribe(real(subject), () => {}));
  for (const subject of subjects) bus.publish(real(subject), Buffer.from(''));
  await bus.flush();
  // The refusals have arrived. The library reports them in the next turn of the event loop.
  await setImmediate();
  end();
  for (const ear of ears) ear.unsubscribe();
  const may = (operation: string, subject: string, letter: string) =>
    denied.has(`${operation} ${real(subject)}`) ? '-' : letter;
  return new Map(
    subjects.map((subject) => [subject, may('publish', subject, 'P') + may('subscribe', subject, 'S')]),
  );
}
