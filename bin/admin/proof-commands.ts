// `partyline admin checkpoint` and `admin prove`: they give other people what they need to check a log without trusting its
// operator.
import { type Command, InvalidArgumentError } from 'commander';
import { withSettings } from '../options.js';

// Loaded only when one of the commands runs.
const actions = () => import('./proofs.js');

/** Adds both commands to the `admin` command. */
export function addProofs(admin: Command): void {
  withSettings(
    admin
      .command('checkpoint')
      .description('Print the size of the log and the root of its Merkle tree, signed by the tracker.')
      .option(
        '--verifier-key',
        'Print the key that verifies the signature, in the form that other tools accept.',
      ),
    ['home'],
  ).action(async (options) => (await actions()).checkpoint(options));
  withSettings(
    admin
      .command('prove')
      .description('Print the proof that an event is in the log; anyone with the invite can verify it.')
      .argument('<position>', 'the position of the event, as `admin log` shows it', position)
      .option('--personal', 'Include the names and texts of the event, which are left out by default.'),
    ['home'],
  ).action(async (at, options) => (await actions()).prove(at, options));
}

function position(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number, 1 or greater.');
}
