// `partyline admin backup` and `admin restore`: copy a home, and make a home from a copy.
import type { Command } from 'commander';
import { typeable } from '../invocation.js';
import { TRACKER_HOME } from '../../client/profile/local-invite.js';
import { type Values, withSettings } from '../options.js';
import { wrapped } from '../wrapped.js';

/** Adds both commands to the `admin` command. */
export function addBackup(admin: Command): void {
  withSettings(
    admin
      .command('backup')
      .description(
        'Copy the home of a tracker into a new folder, and check the copy. The tracker may keep running.',
      )
      .argument('<dir>', 'a folder that is empty or does not exist'),
    ['home'],
  ).action((folder: string, { home = TRACKER_HOME }: Values<'home'>) => backup(home, folder));
  withSettings(
    admin
      .command('restore')
      .description('Make a new home from a backup; then start a tracker there.')
      .argument('<dir>', 'the folder that `admin backup` wrote'),
    ['home'],
  ).action((folder: string, { home = TRACKER_HOME }: Values<'home'>) => restore(folder, home));
}

async function backup(home: string, target: string): Promise<void> {
  const { copyHome } = await import('./backup.js');
  const { folder, head } = await copyHome(home, target);
  print(`backed up to ${folder}`);
  print(`the log ends at position ${head.position}, hash ${head.hash}`);
  print('It contains the keys of this deployment: keep it where only you can read it.');
}

async function restore(backup: string, home: string): Promise<void> {
  const { copyHome } = await import('./backup.js');
  const { folder, head } = await copyHome(backup, home);
  print(`restored to ${folder}`);
  print(`the log ends at position ${head.position}, hash ${head.hash}`);
  print(`Start it with: partyline up --home ${folder}`);
}

const print = (line: string): void =>
  void process.stdout.write(`${wrapped(typeable(line), process.stdout)}\n`);
