import test from 'ava';
import * as fc from 'fast-check';
import { publicNKey } from '../../../../core/bus/credentials/nkey.js';
import { accountIdSchema, deviceIdSchema } from '../../../../core/ids.js';
import { generateSigningKey } from '../../../../core/keys.js';
import { hlcSchema } from '../../../../core/protocol/message/hlc.js';
import { conversationIdSchema, type Message } from '../../../../core/protocol/message/message.js';
import {
  createProofCheck,
  messageDigest,
  proofSchema,
  proveTurn,
} from '../../../../core/protocol/message/proof.js';
import { holds } from '../../../support/property.js';

const key = generateSigningKey();
const device = deviceIdSchema.parse(publicNKey('user', key.publicKey));
const sign = (data: Uint8Array) => key.sign(data);

const message = (seq: number, fields: Partial<Message> = {}): Message => ({
  conversation: conversationIdSchema.parse('room-01ARZ3NDEKTSV4RRFFQ69G5FAV'),
  account: accountIdSchema.parse('01ARZ3NDEKTSV4RRFFQ69G5FAW'),
  device,
  seq,
  hlc: hlcSchema.parse('0123456789ab0000'),
  roster: 3,
  text: `message ${seq}`,
  spans: [],
  ...fields,
});
const turn = (size: number) => Array.from({ length: size }, (_, index) => message(index + 1));

test('proof: given turns of every size, then each message is verified by its own proof alone', (t) => {
  const wrong: string[] = [];
  for (let size = 1; size <= 64; size += 1) {
    const messages = turn(size);
    const proofs = proveTurn(messages, sign);
    t.is(proofs.length, size);
    const isProven = createProofCheck();
    for (const [index, proof] of proofs.entries()) {
      const verified = [index, (index + 1) % size].map((place) => {
        const one = messages[place];
        return one !== undefined && isProven(one, proof, key.publicKey);
      });
      if (!verified[0]) wrong.push(`the proof of message ${index} of ${size} fails`);
      if (size > 1 && verified[1])
        wrong.push(`the proof of message ${index} of ${size} verifies the next one`);
    }
  }
  t.deepEqual(wrong, []);
});

test('proof: given any change to the message, or another key, then verification fails', (t) => {
  const [proof] = proveTurn([message(1)], sign);
  if (proof === undefined) return t.fail();
  const changes: readonly Partial<Message>[] = [
    { text: 'message 2' },
    { seq: 2 },
    { roster: 4 },
    { hlc: hlcSchema.parse('0123456789ab0001') },
    { account: accountIdSchema.parse('01ARZ3NDEKTSV4RRFFQ69G5FAX') },
    { conversation: conversationIdSchema.parse('room-01ARZ3NDEKTSV4RRFFQ69G5FAX') },
    { spans: [{ style: 'BOLD', start: 0, end: 1 }] },
  ];
  for (const change of changes) t.false(createProofCheck()(message(1, change), proof, key.publicKey));
  t.false(createProofCheck()(message(1), proof, generateSigningKey().publicKey));
  t.false(createProofCheck()(message(1), proof, Buffer.alloc(3)));
  return t.true(createProofCheck()(message(1), proof, key.publicKey));
});

test('proof: given any other bytes, then verification fails without an exception', async (t) => {
  // A turn of two messages. With three messages the spec would fail, because the first of three has the same path as the first of
  // four and verifies under both numbers.
  const [good] = proveTurn(turn(2), sign);
  await holds(
    t,
    fc.property(fc.nat({ max: 97 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const bytes = Buffer.from(good ?? '', 'base64url');
      bytes[at] = (bytes[at] ?? 0) ^ flip;
      const proof = proofSchema.parse(bytes.toString('base64url'));
      return !createProofCheck()(message(1), proof, key.publicKey);
    }),
  );
  await holds(
    t,
    fc.property(fc.uint8Array({ maxLength: 258 }), (bytes) => {
      const proof = proofSchema.parse(Buffer.from(bytes).toString('base64url'));
      return !createProofCheck()(message(1), proof, key.publicKey);
    }),
  );
});

test('proof: given a message, then its digest is the documented one', (t) => {
  const shown = message(1, {
    device: deviceIdSchema.parse(`U${'A'.repeat(55)}`),
    text: 'see **you**',
    spans: [{ style: 'HYPERLINK', start: 0, end: 3, url: 'https://example.org/' }],
  });
  t.is(
    messageDigest(shown).toString('hex'),
    'bab45726627ab30bae57cda122a002f8a4938a52aa7de46775171d284502762b',
  );
});
