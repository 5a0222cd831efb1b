// The command line: the commands and their exit codes (0 done, 1 failed, 2 wrong usage). A command is loaded only when
// it runs.
import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { z } from 'zod';
import { OperatorError } from '../core/errors.js';
import { addAdmin } from './admin/admin.js';
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

/** If the program runs on a terminal, it serves one person and limits its memory. */
const isOnTerminal = process.stdin.isTTY && process.stdout.isTTY;

const program = new Command('partyline')
  .description('Peer-to-peer chat for the terminal.')
  .version(version)
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(wrapped(text, process.stderr)) })
  .showHelpAfterError('(--help shows the usage)');

withSettings(
  program
    .command('up')
    .description('Start a broker and a tracker on this machine, and open the chat if this is a terminal.')
    .option('--headless', 'Do not open the chat, even in a terminal.'),
  upSettings,
).action(async (options) => {
  if (options.headless !== true && isOnTerminal) keepYoungSmall();
  return (await import('./up.js')).up(options);
});

withSettings(
  program
    .command('chat')
    .description('Open the chat; without an invite it uses the tracker of this machine.')
    .argument('[invite]', 'partyline://… as printed by the tracker')
    .option('--plain', 'One line per event, on any terminal or pipe.')
    .addOption(new Option('--json', 'One JSON object per line, for programs.').conflicts('plain')),
  chatSettings,
).action(async (invite, options) => {
  if (isOnTerminal) keepYoungSmall();
  return (await import('./chat.js')).chat(invite, options);
});

program
  .command('demo')
  .description(
    'Show the main features on this machine, unattended; fails if an expected event does not arrive.',
  )
  .action(async () => (await import('./demo/demo.js')).demo());

withSettings(
  program
    .command('doctor')
    .description('Check everything that Partyline needs here, and say how to fix each problem.'),
  doctorSettings,
).action(async (options) => (await import('./doctor.js')).doctor(options));

addAdmin(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
// A handle that is still open, such as a pool or a closing socket, must not keep the process alive.
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
