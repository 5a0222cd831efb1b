import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { mintJwt } from '../../core/bus/credentials/jwt.js';
import { createNKey } from '../../core/bus/credentials/nkey.js';
import { createLog, silentLog } from '../../core/log.js';

const SECRETS = [
  'password',
  'seed',
  'secret',
  'token',
  'jwt',
  'guest',
  'secretKey',
  'invite',
  'sealed',
  'content',
  'text',
];

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

test('log: a file receives one JSON object per line, and its folder is created when needed', async (t) => {
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
  test(`log: given a ${field}, at the top or one or two levels down, then it is masked`, async (t) => {
    const written = await inFolder((file) => {
      const log = createLog({ file });
      log.info(
        { [field]: 'hunter2', deeper: { [field]: 'hunter2', name: 'bob', more: { [field]: 'hunter2' } } },
        'a request',
      );
      log.child({ [field]: 'hunter2' }).info('from a child');
    });
    t.false(written.includes('hunter2'));
    t.is(written.split('[masked]').length, 5);
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

test('log: given a secret in a message, in an address or deep inside, then it is recognised by its form', async (t) => {
  const { seed } = createNKey('user');
  const jwt = mintJwt({ subject: 'U', name: 'x', issuedAt: 0, nats: {} }, createNKey('account'));
  const hash = `$2b$12$${'a'.repeat(53)}`;
  const written = await inFolder((file) => {
    const log = createLog({ file });
    log.warn({ a: { b: { c: { d: [seed] } } }, url: `partyline://host:1/?guest=${seed}&x=1` }, `got ${jwt}`);
    log.error({ err: new Error(`no match for ${hash}`) });
  });
  for (const secret of [seed, jwt, hash]) t.false(written.includes(secret));
  // The masked values are the seed twice, the JWT, and the hash in the error's message, its stack and the line's own
  // message.
  t.is(written.split('[masked]').length, 7);
  t.true(written.includes('partyline://host:1/?guest=[masked]&x=1'));
});

test('log: given an error, then its message, source and cause are logged, and no fields that a library added', async (t) => {
  const written = await inFolder((file) => {
    const cause = Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' });
    const failed = Object.assign(new Error('query failed', { cause }), { parameters: ['hunter2'] });
    const log = createLog({ file });
    for (const field of ['err', 'error']) log.error({ [field]: failed }, 'it failed');
    log.error({ err: new AggregateError([failed, 'a mere text'], 'both') });
  });
  t.false(written.includes('hunter2'));
  const [first = '', second = '', third = ''] = written.split('\n');
  t.like(JSON.parse(first), {
    err: {
      type: 'Error',
      message: 'query failed',
      cause: { code: 'SQLITE_IOERR', message: 'disk I/O error' },
    },
  });
  t.like(JSON.parse(second), { error: { message: 'query failed' } });
  t.like(JSON.parse(third), { err: { errors: [{ message: 'query failed' }, 'a mere text'] } });
});

test('log: given a level, then lower levels are not written', async (t) => {
  const written = await inFolder((file) => {
    const log = createLog({ file, level: 'error' });
    log.warn('hushed');
    log.error('heard');
  });
  t.false(written.includes('hushed'));
  t.true(written.includes('heard'));
});

test('log: the silent log writes nothing', (t) => {
  t.false(silentLog.isLevelEnabled('fatal'));
});
