// The commands of `partyline admin`: show the log of a home on this machine, verify it, count its contents, rebuild its tables,
// and disable accounts.
import { type Command, InvalidArgumentError } from 'commander';
import { explain } from '../../core/protocol/envelope.js';
import { reasonSchema } from '../../core/protocol/lines.js';
import { withSettings } from '../options.js';
import { addArchive } from './archive/commands.js';
import { addCapsule } from './archive/capsule-command.js';
import { addRedact } from './archive/redact-command.js';
import { DRY_RUN, JSON_OBJECT, line } from './arguments.js';
import { addAdministration } from './administration/commands.js';
import { addBackup } from './backup-command.js';
import { addIntegration } from './integration/commands.js';
import { addLooking } from './looking.js';
import { addProofs } from './proof-commands.js';
import { addQuarantine } from './quarantine/command.js';
import { addRehearsal } from './rehearsal/commands.js';
import { addTimeMachine } from './time-machine/command.js';

// Loaded only when one of the commands runs.
const actions = () => import('./actions.js');

/** Adds `admin` with its commands to `program`, and returns it. */
export function addAdmin(program: Command): Command {
  const admin = program.command('admin').description('Manage a tracker on this machine.');
  const command = (name: string, description: string): Command =>
    withSettings(admin.command(name).description(description), ['home']);
  addLooking(command);
  addTimeMachine(command);
  addRehearsal(command);
  addArchive(command);
  addCapsule(command);
  addRedact(command);
  command('verify', 'Verify the log and the tables built from it; fails at the first bad position.')
    .option('--since <file>', 'Also verify that the log begins with the events of this checkpoint.')
    .option('--proof <file>', 'Verify only this proof of an event. No log is needed.')
    .option(
      '--invite <invite>',
      'For --proof: the invite of the tracker that made the proof; by default the invite of this home.',
    )
    .option('--json', JSON_OBJECT)
    .action(async (options) =>
      options.proof === undefined
        ? (await actions()).verify(options)
        : (await import('./proofs.js')).verifyProof(options),
    );
  addQuarantine(command);
  command('rebuild', 'Rebuild the tables from the log. The tracker may keep running.').action(
    async (options) => (await actions()).rebuild(options),
  );
  command('stats', 'Count the events, accounts and rooms in the log.')
    .option('--json', JSON_OBJECT)
    .action(async (options) => (await actions()).stats(options));
  command('disable', 'Disable an account: its terminals are disconnected, and it leaves its rooms.')
    .argument('<user>', 'the current name of the account, or its id', line)
    .argument('[reason...]', 'the reason; the same as --reason', reason, '')
    .option('--reason <text>', 'The reason, shown to anyone who logs in with its password.', oneReason)
    .option('--dry-run', DRY_RUN)
    .option('--json', JSON_OBJECT)
    .action(async (user, why, options) => (await actions()).disable(options, user, why));
  command('enable', 'Enable a disabled account again.')
    .argument('<user>', 'the current name of the account, or its id', line)
    .option('--reason <text>', 'The reason, stored in the log.', oneReason)
    .option('--dry-run', DRY_RUN)
    .option('--json', JSON_OBJECT)
    .action(async (user, options) => (await actions()).enable(options, user));
  addAdministration(command);
  addIntegration(admin);
  addProofs(admin);
  addBackup(admin);
  return admin;
}

const oneReason = (text: string): string => reason(text, '');

/** The parser of a reason that is several arguments: appends each word to the words before it. */
function reason(word: string, before: string): string {
  const parsed = reasonSchema.safeParse(`${before} ${line(word)}`);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(explain(parsed.error));
}
