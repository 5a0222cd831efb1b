// The action of `admin quarantine`.
import { print } from '../../../admin/output.js';
import { quarantine as quarantineEvent } from '../../../admin/quarantine/quarantine.js';
import { quarantineJson, quarantineText } from '../../../admin/quarantine/text.js';
import { systemIds } from '../../../core/ids.js';
import { systemClock } from '../../../core/time/clock.js';
import { inHome, type Readable, tell, withProgress } from '../home-command.js';

interface QuarantineOptions extends Readable {
  readonly reason: string;
  readonly undo?: boolean;
  readonly dryRun?: boolean;
}

export async function quarantine(position: number, options: QuarantineOptions): Promise<void> {
  const { home, reason, undo: isRelease = false, dryRun: isDryRun = false, json = false } = options;
  const request = { position, reason, isRelease, isDryRun };
  const done = await inHome(
    home,
    (opened) =>
      withProgress(opened, (onProgress) =>
        quarantineEvent({ home: opened, clock: systemClock, ids: systemIds, onProgress }, request),
      ),
    isDryRun ? 'look' : 'change',
  );
  await (json ? print(process.stdout, [quarantineJson(done)]) : tell(quarantineText(done)));
}
