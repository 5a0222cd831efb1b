// Signed checkpoints: their bytes, and what is refused from outside.
import { createHash, createPublicKey, verify } from 'node:crypto';
import test from 'ava';
import { signingKeyFromSeed } from '../../../core/keys.js';
import { readCheckpoint, signCheckpoint, verifierKey } from '../../../core/merkle/checkpoint.js';

const key = signingKeyFromSeed(Buffer.alloc(32, 7));
const other = signingKeyFromSeed(Buffer.alloc(32, 8));
const origin = 'partyline/0123456789abcdef0123456789abcdef';
const root = createHash('sha256').update('root').digest();
const checkpoint = { origin, size: 98_765, root };
const note = signCheckpoint(checkpoint, key);

test('checkpoint: it is a C2SP signed note that other tools verify', (t) => {
  const [name, size, hash, empty, signature, end] = note.split('\n');
  t.deepEqual([name, size, hash, empty, end], [origin, '98765', root.toString('base64'), '', '']);
  const [dash, signer, bytes = ''] = signature?.split(' ') ?? [];
  t.deepEqual([dash, signer], ['—', origin]);
  const signed = Buffer.from(bytes, 'base64');
  const keyId = createHash('sha256')
    .update(`${origin}\n\u0001`)
    .update(key.publicKey)
    .digest()
    .subarray(0, 4);
  t.deepEqual(signed.subarray(0, 4), keyId);
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key.publicKey]);
  const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  t.true(verify(null, Buffer.from(`${name}\n${size}\n${hash}\n`), publicKey, signed.subarray(4)));
  t.is(
    verifierKey(origin, key.publicKey),
    `${origin}+${keyId.toString('hex')}+${Buffer.concat([Buffer.of(1), key.publicKey]).toString('base64')}`,
  );
});

test('checkpoint: it is read back as it was signed', (t) => {
  t.deepEqual(readCheckpoint(note, key.publicKey), { checkpoint });
  t.deepEqual(readCheckpoint(note, key.publicKey, origin), { checkpoint });
});

test('checkpoint: further lines and the signatures of witnesses do not matter', (t) => {
  const body = `${origin}\n5\n${root.toString('base64')}\nan extension\n`;
  const keyId = createHash('sha256')
    .update(`${origin}\n\u0001`)
    .update(key.publicKey)
    .digest()
    .subarray(0, 4);
  const signature = Buffer.concat([keyId, key.sign(Buffer.from(body))]).toString('base64');
  const cosigned = `${body}\n— witness.example AAAAAAAA\n— ${origin} ${signature}\n`;
  t.deepEqual(readCheckpoint(cosigned, key.publicKey), { checkpoint: { origin, size: 5, root } });
});

const REFUSED: readonly (readonly [change: string, text: string, problem: RegExp])[] = [
  ['empty', '', /not a checkpoint/],
  ['too long', `${note}${'x'.repeat(5_000)}`, /too long/],
  ['without a signature', note.slice(0, note.indexOf('—')), /not signed/],
  ['of another size', note.replace('98765', '98766'), /not signed/],
  ['of a size with a leading zero', note.replace('98765', '098765'), /not a checkpoint/],
  ['of a negative size', note.replace('98765', '-1'), /not a checkpoint/],
  ['of a size beyond all integers', note.replace('98765', '99999999999999999'), /not a checkpoint/],
  [
    'of another root',
    note.replace(root.toString('base64'), Buffer.alloc(32, 1).toString('base64')),
    /not signed/,
  ],
  ['of a short root', note.replace(root.toString('base64'), 'AAAA'), /not a checkpoint/],
  ['signed by another key', signCheckpoint(checkpoint, other), /not signed/],
  ['signed under another name', note.replace(`— ${origin}`, '— partyline/other'), /not signed/],
  [
    'with a damaged signature',
    note.replace(/(.)\n$/, (_, last: string) => `${last === 'A' ? 'B' : 'A'}A\n`),
    /not signed/,
  ],
  ['with white space in its name', note.replaceAll(origin, 'party line'), /not a checkpoint/],
];

for (const [change, text, problem] of REFUSED) {
  test(`checkpoint: a note ${change} is refused`, (t) => {
    const read = readCheckpoint(text, key.publicKey);
    if (!('problem' in read)) return t.fail(JSON.stringify(read));
    t.regex(read.problem, problem);
  });
}

test('checkpoint: a checkpoint of another log is refused, also with a valid signature', (t) => {
  const read = readCheckpoint(
    signCheckpoint({ ...checkpoint, origin: 'partyline/other' }, key),
    key.publicKey,
    origin,
  );
  t.deepEqual(read, { problem: 'the checkpoint is of another log: partyline/other' });
});
