// The actions of the `partyline admin` commands that decide recorded commands again.
import { createNames } from '../../../admin/subject/names.js';
import { lastPosition } from '../../../admin/moment.js';
import { print } from '../../../admin/output.js';
import { createProgress } from '../../../admin/progress.js';
import { rehearse } from '../../../admin/rehearsal/rehearse.js';
import { rehearsalError, rehearsalJson, rehearsalText } from '../../../admin/rehearsal/text.js';
import { monotonicNow, systemClock } from '../../../core/time/clock.js';
import { inHome, type Readable } from '../home-command.js';
import { paint } from '../looking-actions.js';

export async function rehearsal({ home, json = false }: Readable): Promise<void> {
  await inHome(home, async ({ reader }) => {
    const end = await lastPosition(reader);
    const progress = createProgress(process.stderr, end, systemClock);
    const start = monotonicNow();
    const done = await rehearse(reader, end, progress.show).finally(progress.end);
    const durationMs = monotonicNow() - start;
    const lines = json
      ? [rehearsalJson(done, durationMs)]
      : await rehearsalText(done, durationMs, createNames(reader), paint());
    await print(process.stdout, lines);
    const error = rehearsalError(done);
    if (error !== null) throw error;
  });
}
