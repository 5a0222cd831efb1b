import test from 'ava';
import * as fc from 'fast-check';
import sodium from 'sodium-native';
import { commandIdSchema, deviceIdSchema } from '../../../../core/ids.js';
import {
  sealCredentials,
  sealedSchema,
  sealPasswordChange,
  unsealCredentials,
  unsealPasswordChange,
} from '../../../../core/protocol/signed/sealed.js';
import { hostileText } from '../arbitraries.js';

const NOW = 1_700_000_000_000;
const id = commandIdSchema.parse('01ARZ3NDEKTSV4RRFFQ69G5FAV');
const device = deviceIdSchema.parse(`U${'A'.repeat(55)}`);
const credentials = { id, device, at: NOW, username: 'alice', password: 'correct-horse-battery' };
const expected = { id, device, nowMs: NOW };

function sealingKey() {
  const publicKey = Buffer.alloc(sodium.crypto_box_PUBLICKEYBYTES);
  const secretKey = Buffer.alloc(sodium.crypto_box_SECRETKEYBYTES);
  sodium.crypto_box_keypair(publicKey, secretKey);
  return { publicKey, secretKey };
}
const key = sealingKey();
const sealed = sealCredentials(credentials, key.publicKey);

function sealText(text: string): string {
  const box = Buffer.alloc(Buffer.byteLength(text) + sodium.crypto_box_SEALBYTES);
  sodium.crypto_box_seal(box, Buffer.from(text), key.publicKey);
  return box.toString('base64url');
}

test('sealed: given sealed data, then it opens to the original, and no two seals are alike', (t) => {
  t.deepEqual(unsealCredentials(sealed, key, expected), { credentials });
  t.not(sealCredentials(credentials, key.publicKey), sealed);
  t.false(Buffer.from(sealed, 'base64url').includes('alice'));
});

test("sealed: any name and password survive sealing and fit the tracker's limit", (t) => {
  fc.assert(
    fc.property(hostileText, hostileText, (username, password) => {
      const given = { ...credentials, username, password };
      const box = sealedSchema.parse({ sealed: sealCredentials(given, key.publicKey) }).sealed;
      t.deepEqual(unsealCredentials(box, key, expected), { credentials: given });
    }),
  );
});

test('sealed: the longest allowed name and password still fit', (t) => {
  const longest = {
    ...credentials,
    at: Number.MIN_SAFE_INTEGER,
    username: '\0'.repeat(256),
    password: '\0'.repeat(1_024),
  };
  t.true(sealedSchema.safeParse({ sealed: sealCredentials(longest, key.publicKey) }).success);
});

test('sealed: given another device or request, then it is refused', (t) => {
  const otherDevice = deviceIdSchema.parse(`U${'B'.repeat(55)}`);
  const otherId = commandIdSchema.parse('01BX5ZZKBKACTAV9WEVGEMMVRZ');
  for (const other of [
    { ...expected, device: otherDevice },
    { ...expected, id: otherId },
  ]) {
    t.deepEqual(unsealCredentials(sealed, key, other), {
      phrase: 'INVALID_COMMAND',
      message: 'The encrypted part belongs to another request or device.',
    });
  }
});

test('sealed: given a time more than two minutes off, before or after, then it has expired', (t) => {
  for (const offMs of [120_000, -120_000]) {
    t.deepEqual(unsealCredentials(sealed, key, { ...expected, nowMs: NOW + offMs }), { credentials });
  }
  for (const offMs of [120_001, -120_001, 1e12, Number.POSITIVE_INFINITY]) {
    const refused = unsealCredentials(sealed, key, { ...expected, nowMs: NOW + offMs });
    t.like(refused, { phrase: 'REQUEST_EXPIRED' });
    t.regex('message' in refused ? refused.message : '', /says .* UTC.*Compare both/);
  }
});

test('sealed: given the key of another tracker, then it cannot be opened', (t) => {
  t.like(unsealCredentials(sealed, sealingKey(), expected), { phrase: 'INVALID_COMMAND' });
});

test('sealed: given a box that is cut anywhere or has any byte changed, then it cannot be opened', (t) => {
  const box = Buffer.from(sealed, 'base64url');
  const opened: string[] = [];
  const open = (bytes: Buffer, what: string): void => {
    if (!('phrase' in unsealCredentials(bytes.toString('base64url'), key, expected))) opened.push(what);
  };
  for (let length = 0; length < box.length; length += 1) {
    open(box.subarray(0, length), `cut to ${length}`);
    const changed = Buffer.from(box);
    changed[length] = (changed[length] ?? 0) ^ 1;
    open(changed, `changed at ${length}`);
  }
  t.deepEqual(opened, []);
});

test('sealed: given garbage, then it is refused without an exception', (t) => {
  fc.assert(
    fc.property(
      fc.oneof(hostileText, fc.base64String(), fc.string({ minLength: 90, maxLength: 200 })),
      (text) => {
        t.like(unsealCredentials(text, key, expected), { phrase: 'INVALID_COMMAND' });
      },
    ),
  );
});

test('sealed: given a valid box that does not hold credentials, then it is refused', (t) => {
  const texts = [
    '',
    '{',
    'null',
    '[]',
    JSON.stringify({ ...credentials, password: 7 }),
    JSON.stringify({ ...credentials, password: 'x'.repeat(1_025) }),
  ];
  for (const text of texts)
    t.like(unsealCredentials(sealText(text), key, expected), { phrase: 'INVALID_COMMAND' });
});

test('sealed: given data that is not a sealed box, then its schema refuses it', (t) => {
  for (const value of [
    {},
    { sealed: 7 },
    { sealed: 'a b' },
    { sealed: 'a+/=' },
    { sealed: 'a'.repeat(12_292) },
    null,
  ]) {
    t.false(sealedSchema.safeParse(value).success);
  }
});

test('sealed: a sealed password change opens to the original and is not accepted as credentials', (t) => {
  const change = { id, device, at: NOW, current: '\0'.repeat(640), next: '\0'.repeat(640) };
  const box = sealPasswordChange(change, key.publicKey);
  t.true(sealedSchema.safeParse({ sealed: box }).success, 'the longest allowed still fits');
  t.deepEqual(unsealPasswordChange(box, key, expected), { change });
  t.like(unsealCredentials(box, key, expected), { phrase: 'INVALID_COMMAND' });
  t.like(unsealPasswordChange(sealed, key, expected), { phrase: 'INVALID_COMMAND' });
  const late = { ...expected, nowMs: NOW + 120_001 };
  t.like(unsealPasswordChange(box, key, late), { phrase: 'REQUEST_EXPIRED' });
});
