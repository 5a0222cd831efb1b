import test from 'ava';
import * as fc from 'fast-check';
import { publicNKey } from '../../../../core/bus/credentials/nkey.js';
import { accountIdSchema, deviceIdSchema } from '../../../../core/ids.js';
import { generateSigningKey } from '../../../../core/keys.js';
import { hlcSchema } from '../../../../core/protocol/message/hlc.js';
import { hopLeaf, HOPS_MAX, hopsOf } from '../../../../core/protocol/message/hops.js';
import { conversationIdSchema, type Message } from '../../../../core/protocol/message/message.js';
import { createProofCheck, proofSchema, proveTurn } from '../../../../core/protocol/message/proof.js';
import { holds } from '../../../support/property.js';

const key = generateSigningKey();
const device = deviceIdSchema.parse(publicNKey('user', key.publicKey));
const sign = (data: Uint8Array) => key.sign(data);

const message = (seq: number): Message => ({
  conversation: conversationIdSchema.parse('room-01ARZ3NDEKTSV4RRFFQ69G5FAV'),
  account: accountIdSchema.parse('01ARZ3NDEKTSV4RRFFQ69G5FAW'),
  device,
  seq,
  hlc: hlcSchema.parse('0123456789ab0000'),
  roster: 3,
  text: `message ${seq}`,
  spans: [],
});
const turn = (size: number) => Array.from({ length: size }, (_, index) => message(index + 1));

test('hops: given a turn with any counts, then each message shows its own count and is verified as before', async (t) => {
  const counts = fc.array(fc.integer({ min: 0, max: HOPS_MAX }), { minLength: 1, maxLength: 32 });
  await holds(
    t,
    fc.property(counts, (hops) => {
      const messages = turn(hops.length);
      const proofs = proveTurn(messages, sign, (index) => hops[index] ?? 0);
      const isProven = createProofCheck();
      return messages.every((one, index) => {
        const proof = proofs[index] ?? null;
        return proof !== null && isProven(one, proof, key.publicKey) && hopsOf(proof) === hops[index];
      });
    }),
    { numRuns: 30 },
  );
});

test('hops: given no counts, then the proofs have the same bytes as without them', (t) => {
  t.deepEqual(
    proveTurn(turn(5), sign, () => 0),
    proveTurn(turn(5), sign),
  );
});

test('hops: given a changed count, then the message is no longer verified', (t) => {
  const [proof = null] = proveTurn([message(1)], sign, () => 2);
  const bytes = Buffer.from(proof ?? '', 'base64url');
  bytes[97] = 1;
  const forged = proofSchema.parse(bytes.toString('base64url'));
  t.is(hopsOf(forged), 1);
  t.false(createProofCheck()(message(1), forged, key.publicKey));
});

test('hops: the leaf of a count has the documented bytes', (t) => {
  t.is(hopLeaf(2).toString('hex'), '70617274796c696e652f686f70732f7631000000000000000000000000000002');
  t.is(hopLeaf(2).length, 32);
});

test('hops: given a count above the limit, then the limit is shown', (t) => {
  const [proof = null] = proveTurn([message(1)], sign, () => 200);
  t.is(hopsOf(proof), HOPS_MAX);
});

test('hops: given no proof or any bytes as a proof, then a count from 0 to the limit is shown without an exception', async (t) => {
  t.is(hopsOf(null), 0);
  const [proof = ''] = proveTurn([message(1)], sign, () => 3);
  const good = Buffer.from(proof, 'base64url');
  await holds(
    t,
    fc.property(fc.nat({ max: good.length }), fc.uint8Array({ maxLength: 200 }), (kept, rest) => {
      const bytes = Buffer.concat([good.subarray(0, kept), rest]);
      const hops = hopsOf(bytes.toString('base64url'));
      return Number.isInteger(hops) && hops >= 0 && hops <= HOPS_MAX;
    }),
  );
});
