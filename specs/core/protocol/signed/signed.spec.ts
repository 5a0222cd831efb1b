import test from 'ava';
import * as fc from 'fast-check';
import { z } from 'zod';
import { signingKeyFromSeed } from '../../../../core/keys.js';
import {
  parseJson,
  readStatement,
  type Signed,
  signedSchema,
  signStatement,
} from '../../../../core/protocol/signed/signed.js';
import { hostileText } from '../arbitraries.js';

const key = signingKeyFromSeed(Buffer.alloc(32, 1));
const stranger = signingKeyFromSeed(Buffer.alloc(32, 2));
const schema = z.object({ to: z.string() });
const expected = { purpose: 'roster', publicKey: key.publicKey, schema } as const;
const good = signStatement(key, 'roster', { to: 'bob' });
const NOT_SIGNED = { refusal: 'the tracker did not sign the roster' };

test('signed: a statement survives JSON and is read back the same', (t) => {
  t.deepEqual(readStatement(signedSchema.parse(JSON.parse(JSON.stringify(good))), expected), {
    value: { to: 'bob' },
  });
});

test('signed: the body of a statement can be any JSON', (t) => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const signed = signedSchema.parse(signStatement(key, 'notice', z.json().parse(value)));
      const reading = readStatement(signed, {
        purpose: 'notice',
        publicKey: key.publicKey,
        schema: z.json(),
      });
      t.deepEqual<unknown, unknown>(reading, { value: JSON.parse(signed.body) });
    }),
  );
});

test('signed: the signed bytes begin with the purpose and version', (t) => {
  const text = Buffer.from('partyline/roster/v1\0{"to":"bob"}');
  t.is(good.signature, key.sign(text).toString('base64url'));
});

test('signed: given another key, then the statement is refused', (t) => {
  t.deepEqual(readStatement(signStatement(stranger, 'roster', { to: 'bob' }), expected), NOT_SIGNED);
  t.deepEqual(readStatement(good, { ...expected, publicKey: stranger.publicKey }), NOT_SIGNED);
  t.deepEqual(readStatement(good, { ...expected, publicKey: Buffer.alloc(0) }), NOT_SIGNED);
});

test('signed: given a statement made for another purpose, then it is refused', (t) => {
  t.deepEqual(readStatement(signStatement(key, 'introduction', { to: 'bob' }), expected), NOT_SIGNED);
});

test('signed: given a body with any change, then it is refused', (t) => {
  const original = signStatement(key, 'roster', { to: 'caf\ufffd' });
  const changes = fc.oneof(
    hostileText,
    fc.constantFrom(`${original.body} `, ` ${original.body}`, original.body.replace('\ufffd', '\ud800')),
  );
  fc.assert(
    fc.property(changes, (body) => {
      fc.pre(body !== original.body);
      const taken = signedSchema.safeParse({ ...original, body });
      if (taken.success) t.deepEqual(readStatement(taken.data, expected), NOT_SIGNED);
    }),
  );
});

test('signed: given a garbage signature, then it is refused without an exception', (t) => {
  const garbage = fc.oneof(
    fc.string(),
    fc.stringMatching(/^[A-Za-z0-9_-]{86}$/),
    fc.constantFrom('A'.repeat(86), ''),
  );
  fc.assert(
    fc.property(garbage, (signature) => {
      t.deepEqual(readStatement({ ...good, signature }, expected), NOT_SIGNED);
    }),
  );
});

const stated = (body: string): Signed => ({
  body,
  signature: key.sign(Buffer.from(`partyline/roster/v1\0${body}`)).toString('base64url'),
});

test('signed: given a signed body that is not JSON or does not fit the schema, then the refusal says so', (t) => {
  for (const body of ['', '{', 'null', '[]', '{"to":7}', '\u0000']) {
    const reading = readStatement(stated(body), expected);
    t.regex('refusal' in reading ? reading.refusal : '', /^the roster is not valid: /, body);
  }
});

test('signed: a received statement has a body of at most one frame and a signature of 64 bytes', (t) => {
  for (const spoilt of [
    { body: 7 },
    { body: 'x'.repeat(65_537) },
    { signature: 'A'.repeat(85) },
    { signature: `${'A'.repeat(85)}=` },
    { signature: null },
  ]) {
    t.false(signedSchema.safeParse({ ...good, ...spoilt }).success);
  }
});

test('json: text that is not JSON is read as undefined, without an exception', (t) => {
  fc.assert(fc.property(hostileText, (text) => t.notThrows(() => parseJson(text))));
  t.is(parseJson('{'), undefined);
  t.deepEqual(parseJson('{"a":[1]}'), { a: [1] });
});
