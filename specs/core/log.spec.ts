import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { createLog, silentLog } from '../../core/log.js';

const SECRETS = ['password', 'seed', 'secret', 'token', 'jwt', 'guest', 'secretKey', 'invite'];

async function inFolder(write: (file: string) => void): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'partyline-log-'));
  try {
    const file = join(folder, 'deep', 'log');
    write(file);
    return await readFile(file, 'utf8');
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('log: a file gets one JSON object a line, its folder made as needed', async (t) => {
  const written = await inFolder((file) => {
    const log = createLog({ file });
    log.info({ room: 'lobby' }, 'opened');
    log.debug('not asked for');
  });
  const [line = '', ...rest] = written.split('\n');
  t.like(JSON.parse(line), { room: 'lobby', msg: 'opened' });
  t.deepEqual(rest, ['']);
});

for (const field of SECRETS) {
  test(`log: given a ${field}, at the top or one level down, then it is masked`, async (t) => {
    const written = await inFolder((file) => {
      const log = createLog({ file });
      log.info({ [field]: 'hunter2', deeper: { [field]: 'hunter2', name: 'bob' } }, 'a request');
      log.child({ [field]: 'hunter2' }).info('from a child');
    });
    t.false(written.includes('hunter2'));
    t.is(written.split('[masked]').length, 4);
    t.true(written.includes('bob'));
  });
}

test('log: a key pair or sealed credentials logged whole show no secret', async (t) => {
  const written = await inFolder((file) => {
    createLog({ file }).warn({
      key: { publicKey: 'P', secretKey: 'S3CRET' },
      credentials: { password: 'S3CRET' },
    });
  });
  t.false(written.includes('S3CRET'));
});

test('log: given a level, then less than that is not written', async (t) => {
  const written = await inFolder((file) => {
    const log = createLog({ file, level: 'error' });
    log.warn('hushed');
    log.error('heard');
  });
  t.false(written.includes('hushed'));
  t.true(written.includes('heard'));
});

test('log: the silent one says nothing', (t) => {
  t.false(silentLog.isLevelEnabled('fatal'));
});
