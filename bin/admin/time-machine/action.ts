// The action of `admin time-machine`.
import type { Moment } from '../../../admin/moment.js';
import { positionAt } from '../../../admin/moment.js';
import { createNames } from '../../../admin/subject/names.js';
import { createResolver } from '../../../admin/subject/resolve.js';
import { runTimeMachine } from '../../../admin/time-machine/face.js';
import { createLogReads } from '../../../admin/time-machine/log/log-reads.js';
import { OperatorError } from '../../../core/errors.js';
import { monotonicNow, systemClock, systemSchedule } from '../../../core/time/clock.js';
import { canShowScreen } from '../../../screen/terminal/tty.js';
import type { Values } from '../../options.js';
import { whenAskedToStop } from '../../signals.js';
import { withStates } from '../states.js';

type TimeMachineOptions = Values<'home' | 'theme' | 'ascii'> & { readonly at?: Moment };

const NOW: Moment = { kind: 'now' };

export async function timeMachine(subject: string | undefined, options: TimeMachineOptions): Promise<void> {
  const { home, theme, ascii: isAscii, at = NOW } = options;
  const { stdin: input, stdout: output, env } = process;
  if (!canShowScreen(env, input.isTTY && output.isTTY)) {
    throw new OperatorError(
      'the time machine needs a terminal with a screen',
      'Use `partyline admin show SUBJECT --at MOMENT` or `partyline admin replay` instead: they print lines.',
    );
  }
  // A request to stop ends the input, and with it the view.
  void whenAskedToStop().then(() => input.destroy());
  const problems: string[] = [];
  await withStates(
    home,
    (problem) => void problems.push(problem),
    async (sql, snapshots) => {
      const resolver = createResolver(sql, createNames(sql));
      const named = subject === undefined ? null : await resolver.resolve(subject, await positionAt(sql, at));
      await runTimeMachine({
        reads: createLogReads(sql, snapshots),
        start: { at, subject: named },
        input,
        output,
        env,
        clock: systemClock,
        schedule: systemSchedule,
        monotonicNow,
        theme,
        isAscii,
      });
    },
  );
  for (const problem of problems) process.stderr.write(`partyline: ${problem}\n`);
}
