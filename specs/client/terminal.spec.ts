// The composition root of a terminal: what it closes, and which error it reports, when a part fails to open or to close.
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openHistory } from '../../client/history/history.js';
import { openProfile } from '../../client/profile/profile.js';
import { openSession } from '../../client/session/session.js';
import { openTerminal, type TerminalOpeners, type TerminalOptions } from '../../client/terminal.js';
import { createNKey } from '../../core/bus/credentials/nkey.js';
import { OperatorError } from '../../core/errors.js';
import { systemIds } from '../../core/ids.js';
import { generateSigningKey } from '../../core/keys.js';
import { systemClock } from '../../core/time/clock.js';
import { systemSteadyClock } from '../../core/time/steady-clock.js';
import { temporaryFolder } from '../support/folder.js';

type PartName = 'profile' | 'history' | 'session';

interface Scene {
  readonly options: TerminalOptions;
  readonly openers: TerminalOpeners;
  /** The parts that were closed, in order. */
  readonly closed: readonly PartName[];
}

/** Real parts on a port where no broker listens. Each part of `failing` closes, but reports that closing failed. */
async function scene(t: ExecutionContext, ...failing: readonly PartName[]): Promise<Scene> {
  const closed: PartName[] = [];
  const watch = <P extends { close(): Promise<void> }>(name: PartName, part: P): P => {
    const close = part.close.bind(part);
    part.close = async () => {
      await close();
      closed.push(name);
      if (failing.includes(name)) throw new Error(`${name} failed to close`);
    };
    return part;
  };
  const options: TerminalOptions = {
    home: await temporaryFolder(t),
    name: 'alice',
    invite: {
      host: '127.0.0.1',
      port: 1,
      guest: createNKey('account').seed,
      sign: Buffer.from(generateSigningKey().publicKey),
      seal: Buffer.alloc(32, 9),
    },
    localInvite: null,
    linkHost: '127.0.0.1',
    keepDays: undefined,
    keepMessages: undefined,
    logLevel: 'info',
    clock: systemClock,
    steadyClock: systemSteadyClock,
    ids: systemIds,
  };
  const openers: TerminalOpeners = {
    openProfile: async (...given) => watch('profile', await openProfile(...given)),
    openHistory: async (...given) => watch('history', await openHistory(...given)),
    openSession: (...given) => watch('session', openSession(...given)),
  };
  return { options, openers, closed };
}

const ALL_PARTS: readonly PartName[] = ['session', 'history', 'profile'];

for (const part of ALL_PARTS) {
  test(`terminal: given a ${part} that fails to close, when the terminal closes, then every part is closed and the error is reported`, async (t) => {
    const { options, openers, closed } = await scene(t, part);
    const terminal = await openTerminal(options, openers);
    await t.throwsAsync(terminal.close(), { message: `${part} failed to close` });
    t.deepEqual(closed, ALL_PARTS);
  });
}

test('terminal: given several parts that fail to close, when the terminal closes, then all errors are reported, the first one first', async (t) => {
  const { options, openers, closed } = await scene(t, ...ALL_PARTS);
  const terminal = await openTerminal(options, openers);
  await t.throwsAsync(terminal.close(), {
    instanceOf: AggregateError,
    message: 'session failed to close; history failed to close; profile failed to close',
  });
  t.deepEqual(closed, ALL_PARTS);
});

test('terminal: given a history that cannot be opened and a profile that fails to close, then the error of the history is thrown and the other one logged', async (t) => {
  const { options, openers, closed } = await scene(t, 'profile');
  let logFile = '';
  const openDamaged: TerminalOpeners['openHistory'] = async (given) => {
    logFile = join(dirname(given.file), 'terminal.log');
    await mkdir(given.file);
    return openers.openHistory(given);
  };
  await t.throwsAsync(openTerminal(options, { ...openers, openHistory: openDamaged }), {
    instanceOf: OperatorError,
    message: /^The history .* cannot be opened/,
  });
  t.deepEqual(closed, ['profile']);
  t.regex(await readFile(logFile, 'utf8'), /profile failed to close/);
});

test('terminal: given a session that cannot be opened, then every part that was open is closed', async (t) => {
  const { options, openers, closed } = await scene(t);
  const failure = new Error('no session');
  const openNone: TerminalOpeners['openSession'] = () => {
    throw failure;
  };
  const thrown = await t.throwsAsync(openTerminal(options, { ...openers, openSession: openNone }));
  t.is(thrown, failure);
  t.deepEqual(closed, ['history', 'profile']);
});
