import { createRequire } from 'node:module';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { openKeyring } from '../../../../core/bus/credentials/keyring.js';
import { OperatorError } from '../../../../core/errors.js';
import { isSignedBy } from '../../../../core/keys.js';
import { temporaryFolder } from '../../../support/folder.js';

interface Sodium {
  readonly crypto_box_SEALBYTES: number;
  crypto_box_seal(cipher: Buffer, message: Buffer, publicKey: Buffer): void;
  crypto_box_seal_open(message: Buffer, cipher: Buffer, publicKey: Buffer, secretKey: Buffer): boolean;
}
const sodium: Sodium = createRequire(import.meta.url)('sodium-native');

test('keyring: given an empty home, when it is opened twice, then the keys are the same and other users cannot read them', async (t) => {
  const home = join(await temporaryFolder(t), 'a', 'home');
  const first = await openKeyring(home);
  const second = await openKeyring(home);
  t.is(second.operator.seed, first.operator.seed);
  t.deepEqual(second.signing.seed, first.signing.seed);
  t.deepEqual(second.sealing, first.sealing);
  t.is((await stat(home)).mode & 0o777, 0o700);
  t.is((await stat(join(home, 'keys.json'))).mode & 0o777, 0o600);
  const seeds = [first.operator, first.operatorSigning, first.account, first.accountSigning];
  t.is(new Set(seeds.map(({ seed }) => seed)).size, seeds.length);
});

test('keyring: given two concurrent first openings, then both have the same keys', async (t) => {
  const home = await temporaryFolder(t);
  const keyrings = await Promise.all(Array.from({ length: 8 }, () => openKeyring(home)));
  t.is(new Set(keyrings.map(({ operator }) => operator.seed)).size, 1);
});

test('keyring: it opens what is sealed to its sealing key, and its signatures verify', async (t) => {
  const { sealing, signing } = await openKeyring(await temporaryFolder(t));
  const message = Buffer.from('a password');
  const cipher = Buffer.alloc(message.length + sodium.crypto_box_SEALBYTES);
  sodium.crypto_box_seal(cipher, message, sealing.publicKey);
  const opened = Buffer.alloc(message.length);
  t.true(sodium.crypto_box_seal_open(opened, cipher, sealing.publicKey, sealing.secretKey));
  t.deepEqual(opened, message);
  t.true(isSignedBy(signing.publicKey, message, signing.sign(message)));
});

test('keyring: given a key file that other users can read, when it is opened, then they can no longer read it', async (t) => {
  const home = await temporaryFolder(t);
  await openKeyring(home);
  await chmod(join(home, 'keys.json'), 0o644);
  await openKeyring(home);
  t.is((await stat(join(home, 'keys.json'))).mode & 0o777, 0o600);
});

test('keyring: given a damaged key file, then the error names the file and the remedy, and shows no secret', async (t) => {
  const home = await temporaryFolder(t);
  const { operator, account } = await openKeyring(home);
  const path = join(home, 'keys.json');
  const text = await readFile(path, 'utf8');
  const damages = [
    '',
    text.slice(0, -20),
    text.replace(operator.seed, account.seed),
    text.replace(operator.seed, `${operator.seed.slice(0, -1)}!`),
    text.replace('"version": 1', '"version": 2'),
    '[]',
  ];
  for (const damaged of damages) {
    await writeFile(path, damaged);
    const error = await t.throwsAsync(openKeyring(home), { instanceOf: OperatorError });
    t.true(error.message.includes(path));
    t.true(error.remedy.includes('backup'));
    t.false(error.message.includes(operator.seed.slice(0, 12)));
    t.is(await readFile(path, 'utf8'), damaged);
  }
});
