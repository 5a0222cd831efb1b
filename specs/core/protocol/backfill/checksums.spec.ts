import test from 'ava';
import { systemIds, accountIdSchema, deviceIdSchema } from '../../../../core/ids.js';
import { hlcSchema } from '../../../../core/protocol/message/hlc.js';
import { type Message, privateConversation } from '../../../../core/protocol/message/message.js';
import { messageDigest } from '../../../../core/protocol/message/proof.js';
import {
  CHECKSUM_MAX_MESSAGES,
  checksumOf,
  checksumSchema,
  writeChecksum,
} from '../../../../core/protocol/backfill/checksums.js';

const [one, other] = [systemIds.next(), systemIds.next()].map((id) => accountIdSchema.parse(id));
const account = one ?? accountIdSchema.parse(systemIds.next());
const device = deviceIdSchema.parse(`U${'B'.repeat(55)}`);

const message = (seq: number, text: string): Message => ({
  conversation: privateConversation(account, other ?? account),
  account,
  device,
  seq,
  hlc: hlcSchema.parse('0123456789ab0000'),
  roster: 0,
  text,
  spans: [],
});

const summed = (messages: readonly Message[]): string => checksumOf(messages.map(messageDigest));

test('checksums: given the same messages, then the sums are equal, and any change gives another sum', (t) => {
  const messages = [message(1, 'one'), message(2, 'two')];
  t.is(summed(messages), summed(structuredClone(messages)));
  t.not(summed(messages), summed([message(1, 'one'), message(2, 'Two')]));
  t.not(summed(messages), summed(messages.toReversed()));
});

test('checksums: given a written sum, then it is read back the same; any other text is refused', (t) => {
  const written = {
    device,
    range: [5, 5 + CHECKSUM_MAX_MESSAGES - 1] as const,
    sum: summed([message(5, 'five')]),
  };
  t.deepEqual(checksumSchema.parse(writeChecksum(written)), written);
  const { sum } = written;
  for (const bad of [
    `${device} 2-1 ${sum}`,
    `${device} 1-${CHECKSUM_MAX_MESSAGES + 1} ${sum}`,
    `${device} 0-1 ${sum}`,
    device,
  ]) {
    t.false(checksumSchema.safeParse(bad).success, bad);
  }
});
