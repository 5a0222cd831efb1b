// The command line: which commands there are, and how each ends. Exit codes: 0 done, 1 failed, 2 wrong usage. A command
// is loaded when it is asked for.
import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { z } from 'zod';
import { OperatorError } from '../core/errors.js';
import { addAdmin } from './admin/admin.js';
import { addBackup } from './admin/backup-command.js';
import { keepYoungSmall } from './heap.js';
import { typeable } from './invocation.js';
import { withSettings } from './options.js';
import { chatSettings, doctorSettings, upSettings } from './settings.js';
import { wrapped } from './wrapped.js';

const FAILED = 1;
const WRONG_USAGE = 2;
const REMEDY_INDENT = 2;

const manifest = new URL('../../package.json', import.meta.url);
const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(manifest, 'utf8')));

/** Somebody sits before it: it takes no more of the machine than it needs. */
const isOnTerminal = process.stdin.isTTY && process.stdout.isTTY;

const program = new Command('partyline')
  .description('Peer-to-peer chat for the terminal.')
  .version(version)
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(wrapped(text, process.stderr)) })
  .showHelpAfterError('(--help shows what is possible)');

withSettings(
  program
    .command('up')
    .description('Start a broker and a tracker on this machine, then a terminal if there is one.')
    .option('--headless', 'No terminal, even if there is one.'),
  upSettings,
).action(async (options) => {
  if (options.headless !== true && isOnTerminal) keepYoungSmall();
  return (await import('./up.js')).up(options);
});

withSettings(
  program
    .command('chat')
    .description('Open a terminal; without an invite, on the tracker of this machine.')
    .argument('[invite]', 'partyline://… as the tracker printed it')
    .option('--plain', 'One line per event, on any terminal or pipe.')
    .addOption(new Option('--json', 'One JSON object per line, for programs.').conflicts('plain')),
  chatSettings,
).action(async (invite, options) => {
  if (isOnTerminal) keepYoungSmall();
  return (await import('./chat.js')).chat(invite, options);
});

program
  .command('demo')
  .description('Show the whole on this machine, unattended; fails if anything expected did not arrive.')
  .action(async () => (await import('./demo/demo.js')).demo());

withSettings(
  program.command('doctor').description('Check what Partyline needs here, and say what to do.'),
  doctorSettings,
).action(async (options) => (await import('./doctor.js')).doctor(options));

addBackup(addAdmin(program));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
// Whatever still holds a handle open (a pool, a socket in its last wait) must not keep the command from ending.
process.exit();

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USAGE;
  if (error instanceof OperatorError) {
    const message = wrapped(`partyline: ${typeable(error.message)}`, process.stderr);
    const remedy = wrapped(typeable(error.remedy), process.stderr, REMEDY_INDENT);
    process.stderr.write(`${message}\n${' '.repeat(REMEDY_INDENT)}${remedy}\n`);
    return FAILED;
  }
  process.stderr.write(`partyline: a defect: ${error instanceof Error ? error.stack : String(error)}\n`);
  return FAILED;
}
