// A home opened for looking, with the cache of states that belongs to it. The cache is outside of the home.
import { hash } from 'node:crypto';
import { join } from 'node:path';
import envPaths from 'env-paths';
import type { AdminHome } from '../../admin/home.js';
import { openStateSnapshots, type StateSnapshots } from '../../admin/state/snapshots.js';
import type { ReadConnection } from '../../core/events/sql/sql.js';
import { inHome } from './home-command.js';

const FINGERPRINT_DIGITS = 16;

/** @param onProblem receives a failure of the cache as one line; the work is then only slower */
export function withStates<T>(
  home: string | undefined,
  onProblem: (problem: string) => void,
  work: (sql: ReadConnection, snapshots: StateSnapshots) => Promise<T>,
): Promise<T> {
  const withReader = async ({ reader, seals, signing }: AdminHome): Promise<T> => {
    const fingerprint = hash('sha256', signing.publicKey, 'hex');
    const folder = join(envPaths('partyline', { suffix: '' }).cache, 'admin');
    const file = join(folder, `${fingerprint.slice(0, FINGERPRINT_DIGITS)}.db`);
    const snapshots = openStateSnapshots({ file, seals, sql: reader, onProblem });
    try {
      return await work(reader, snapshots);
    } finally {
      snapshots.close();
    }
  };
  return inHome(home, withReader, 'look at an older home');
}
