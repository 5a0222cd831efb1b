// Messages pass neither the broker nor the tracker, and passwords are stored nowhere in clear text.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { connectBus } from '../../../core/bus/connection/connection.js';
import { systemCredentials, trackerCredentials } from '../../../core/bus/credentials/credentials.js';
import { openKeyring } from '../../../core/bus/credentials/keyring.js';
import { silentLog } from '../../../core/log.js';
import { parseInvite } from '../../../core/protocol/invite.js';
import { PASSWORD } from '../../support/device.js';
import { openStage, twoInLobby } from '../../support/processes/tracker-process.js';

const NEXT = 'zither-quartz-password';
const SECRET = 'xylophone-quartz-secret';

test('secrecy: given full rights on the broker and a copy of the database, then no message and no password is found in them', async (t) => {
  const stage = await openStage(t);
  const parsed = parseInvite(stage.invite);
  if (!('invite' in parsed)) return t.fail(parsed.refusal);
  const servers = `nats://${parsed.invite.host}:${parsed.invite.port}`;
  const keyring = await openKeyring(stage.home);
  const overheard: string[] = [];
  for (const credentials of [
    trackerCredentials(keyring, Date.now()),
    systemCredentials(keyring, Date.now()),
  ]) {
    const ear = await connectBus({
      servers,
      credentials,
      inboxPrefix: '_INBOX_ear',
      name: 'ear',
      log: silentLog,
    });
    t.teardown(() => ear.close());
    ear.subscribe('>', ({ data }) => void overheard.push(Buffer.from(data).toString('latin1')));
    await ear.flush();
  }

  const { alice, bob } = await twoInLobby(stage);
  const said = await alice.type(`in the room: ${SECRET}`);
  await bob.expect({ event: 'message', id: said['id'] }, 'the room message');
  await bob.type(`/msg alice in private: ${SECRET}`);
  await alice.expect({ event: 'message', conversation: '@bob' }, 'the private message');
  t.is((await alice.type(`/password ${PASSWORD} ${NEXT}`)).status, 100);
  await alice.leave();
  await bob.leave();
  await stage.tracker().stop('SIGTERM');

  t.true(
    overheard.some((text) => text.includes('CREATE')),
    'the eavesdropper receives requests',
  );
  const texts = [...overheard, ...(await filesIn(stage.home))];
  for (const secret of [SECRET, PASSWORD, NEXT]) {
    t.false(
      texts.some((text) => text.includes(secret)),
      secret,
    );
  }
  const diary = await filesIn(join(stage.folder, 'terminals'));
  t.true(
    diary.some((text) => text.includes(SECRET)),
    'the terminals have the message',
  );
});

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')));
}
