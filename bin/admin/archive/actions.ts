// The actions of `admin export` and `admin import`.
import { cloudEventsText, exportLog } from '../../../admin/archive/export.js';
import { type Imported, importLog } from '../../../admin/archive/import.js';
import { writeNewFile } from '../../../admin/archive/write.js';
import { counted, createProgress } from '../../../admin/progress.js';
import { lastPosition } from '../../../admin/moment.js';
import { print } from '../../../admin/output.js';
import { OperatorError } from '../../../core/errors.js';
import { systemClock } from '../../../core/time/clock.js';
import { trackerMigrations } from '../../../migrations/tracker/all.js';
import { TRACKER_HOME } from '../../../client/profile/local-invite.js';
import { inHome, type OfHome, tell } from '../home-command.js';

interface ExportOptions extends OfHome {
  readonly withSecrets?: boolean;
  readonly cloudevents?: boolean;
}

export async function exportTo(file: string, options: ExportOptions): Promise<void> {
  const { home, withSecrets = false, cloudevents = false } = options;
  if (withSecrets && (cloudevents || file === '-')) {
    throw new OperatorError(
      `secrets are not written ${cloudevents ? 'as CloudEvents' : 'to standard output'}`,
      cloudevents
        ? 'Leave out --cloudevents or --with-secrets.'
        : 'Name a file. Only you will be able to read it.',
    );
  }
  await inHome(home, async (opened) => {
    const total = await lastPosition(opened.reader);
    const progress = createProgress(process.stderr, file === '-' ? 0 : total, systemClock);
    try {
      if (cloudevents) return await write(file, cloudEventsText(opened, progress.show));
      const { head, text } = await exportLog(opened, { withSecrets, onProgress: progress.show });
      await write(file, text);
      if (file === '-') return;
      progress.end();
      await tell([
        `exported ${counted(head.position)} events to ${file}`,
        `the log ends at position ${head.position}, hash ${head.hash}`,
        withSecrets
          ? 'It contains the keys and password hashes of this deployment: keep it where only you can read it.'
          : 'It contains names and texts of users, but no passwords or keys.',
      ]);
    } finally {
      progress.end();
    }
  });
}

function write(file: string, text: AsyncIterable<string>): Promise<void> {
  return file === '-' ? print(process.stdout, withoutLastFeed(text)) : writeNewFile(file, text);
}

/** `print` ends each text with a line feed. */
async function* withoutLastFeed(text: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const chunk of text) yield chunk.slice(0, -1);
}

interface ImportOptions extends OfHome {
  readonly keys?: string;
  readonly asCopy?: boolean;
}

export async function importFrom(file: string, options: ImportOptions): Promise<void> {
  const { home = TRACKER_HOME, keys = null, asCopy = false } = options;
  const progress = createProgress(process.stderr, 0, systemClock);
  let imported: Imported;
  try {
    imported = await importLog({
      file,
      home,
      keys,
      isCopy: asCopy,
      migrations: trackerMigrations,
      onProgress: progress.show,
    });
  } finally {
    progress.end();
  }
  await tell(importText(imported));
}

function importText({ folder, head, hasSecrets, hasKeys, identity }: Imported): readonly string[] {
  return [
    `imported ${counted(head.position)} events to ${folder}`,
    `the log ends at position ${head.position}, hash ${head.hash}`,
    ...(hasKeys
      ? []
      : [
          'The file has no keys, so this home has new ones: users need a new invite, and no terminal stays logged in.',
        ]),
    ...(hasSecrets
      ? []
      : [
          'The file has no password hashes: nobody can log in with a password. Export with --with-secrets if users must log in.',
          'The file has no addresses of devices and no failed logins: terminals announce their addresses again.',
        ]),
    ...(identity === null
      ? []
      : [
          'Do not run a tracker on both homes: the log has the identity of the exported log (see --as-copy).',
        ]),
    `Start it with: partyline up --home ${folder}`,
  ];
}
