// The time machine's view on a log, without a terminal: how long it takes to open, and to jump to random moments.
import { join } from 'node:path';
import type { AdminHome } from '../../admin/home.js';
import { openStateSnapshots } from '../../admin/state/snapshots.js';
import { createLogReads } from '../../admin/time-machine/log/log-reads.js';
import { TimeMachine } from '../../admin/time-machine/model/time-machine.js';
import { systemClock, systemSchedule } from '../../core/time/clock.js';
import { type Figure, megabytes, milliseconds, quantile } from '../figures.js';

/** The lists of a screen of 160x48. */
const FIT = { timelineColumns: 160, listRows: 21, eventRows: 20 };
const JUMPS = 60;

/** @param home the folder of the home; the cache of states is made there */
export async function travelFigures({ reader, seals }: AdminHome, home: string): Promise<readonly Figure[]> {
  const snapshots = openStateSnapshots({
    file: join(home, 'cache', 'travel.db'),
    seals,
    sql: reader,
    onProblem: (problem) => {
      throw new Error(problem);
    },
  });
  const waiting: (() => void)[] = [];
  const failures: unknown[] = [];
  const onChange = (): void => {
    for (const look of waiting.splice(0)) look();
  };
  const machine = new TimeMachine({
    reads: createLogReads(reader, snapshots),
    clock: systemClock,
    schedule: systemSchedule,
    onChange,
    onFailure: (thrown) => {
      failures.push(thrown);
      onChange();
    },
  });
  const until = async (isMet: () => boolean): Promise<void> => {
    while (!isMet()) {
      if (failures.length > 0) throw failures[0];
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  const isShown = (): boolean => machine.scene?.position === machine.at && machine.window.timeline !== null;
  const isSubjectShown = (): boolean => isShown() && machine.scene?.shown?.at.position === machine.at;
  const isWhole = (): boolean =>
    isSubjectShown() &&
    machine.scene?.list.lines.every((line) => 'leader' in line && line.leader !== null) === true;

  const start = performance.now();
  await machine.open({ at: { kind: 'now' }, subject: null });
  machine.fit(FIT);
  await until(isShown);
  const opened = performance.now() - start;
  await until(isWhole);
  const openedWhole = performance.now() - start;
  const jumps: { readonly [K in 'shown' | 'subject' | 'whole']: number[] } = {
    shown: [],
    subject: [],
    whole: [],
  };
  for (let index = 1; index <= JUMPS; index += 1) {
    const began = performance.now();
    machine.goTo(1 + Math.floor(((index * 0.618_034) % 1) * machine.end));
    await until(isShown);
    jumps.shown.push(performance.now() - began);
    await until(isSubjectShown);
    jumps.subject.push(performance.now() - began);
    await until(isWhole);
    jumps.whole.push(performance.now() - began);
  }
  machine.close();
  snapshots.close();
  const jump = (what: string, samples: readonly number[]): Figure =>
    row(
      `time machine: a jump anywhere, ${what}`,
      `median ${milliseconds(quantile(samples, 0.5))}, longest ${milliseconds(Math.max(...samples))}`,
    );
  return [
    row('time machine: opened, with timeline, events and rooms', milliseconds(opened)),
    row('time machine: opened, with the state of every room on the screen', milliseconds(openedWhole)),
    jump('until events and rooms are shown', jumps.shown),
    jump('until the selected room is shown', jumps.subject),
    jump('until the leader of every room on the screen is shown', jumps.whole),
    row('time machine: memory afterwards', megabytes(process.memoryUsage().rss)),
  ];
}

const row = (what: string, measured: string): Figure => ({ what, measured, limit: '', ratio: '' });
