// No log contains a secret, at the level `trace`, during a session that includes every kind of failure.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { openKeyring } from '../../../core/bus/credentials/keyring.js';
import { parseInvite } from '../../../core/protocol/invite.js';
import { openGuest, PASSWORD } from '../../support/device.js';
import { openStage, twoInLobby } from '../../support/processes/tracker-process.js';

const SAID = 'xylophone-quartz-secret';
const WRONG = 'a-wrong-password-indeed';

const TRACE = { PARTYLINE_LOG_LEVEL: 'trace' };

test('logs: with every process at level trace, no password, key, credential, invite or message is in any of them', async (t) => {
  const stage = await openStage(t, TRACE, TRACE);
  const { alice, bob } = await twoInLobby(stage);
  const parsed = parseInvite(stage.invite);
  if (!('invite' in parsed)) return t.fail(parsed.refusal);

  const said = await alice.type(`in the room: ${SAID}`);
  await bob.expect({ event: 'message', id: said['id'] }, 'the room message');
  await bob.type(`/msg alice in private: ${SAID}`);
  await alice.expect({ event: 'message', conversation: '@bob' }, 'the private message');
  const carol = stage.terminal('carol');
  await carol.type(`/login alice ${WRONG}`);
  await carol.type(`/login alice ${PASSWORD}`);
  await carol.type('/logout');

  const guest = await openGuest(parsed.invite);
  const device = await guest.become(await guest.enter('login', 'bob'));
  t.teardown(() => device.close());
  await guest.close();
  const { jwt } = device.grant;
  const pid = Number(await readFile(join(stage.home, 'broker', 'broker.pid'), 'utf8'));
  const mark = alice.seen.length;
  process.kill(pid, 'SIGKILL');
  await alice.expect({ event: 'session', state: 'reconnecting' }, 'the loss', mark);
  await alice.expect({ event: 'session', state: 'online' }, 'being back', mark);
  await alice.leave();
  await bob.leave();
  await carol.leave();
  await stage.tracker().stop('SIGTERM');

  const keys = await openKeyring(stage.home);
  const seeds = Object.values(keys).flatMap((key) => ('seed' in key ? [key.seed] : [key.secretKey]));
  const secrets = [PASSWORD, WRONG, SAID, jwt, stage.invite, ...seeds.flatMap(spellings)];
  const logs = [stage.tracker().errors, ...(await logsIn(stage.folder))];
  t.true(
    logs.some((log) => log.includes('the broker died; restarting it')),
    'the tracker logs',
  );
  for (const secret of secrets) {
    t.false(
      logs.some((log) => log.includes(secret)),
      secret,
    );
  }
});

const spellings = (key: string | Buffer): readonly string[] =>
  typeof key === 'string' ? [key] : [key.toString('hex'), key.toString('base64url'), key.toString('base64')];

async function logsIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.log'));
  return Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')));
}
