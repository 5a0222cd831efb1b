import test from 'ava';
import * as fc from 'fast-check';
import {
  compareMessages,
  conversationIdSchema,
  messageId,
  messageSchema,
  partiesOf,
  privateConversation,
  SEQ_MAX,
} from '../../../../core/protocol/message/message.js';
import { deviceRangesSchema, writeRanges } from '../../../../core/protocol/backfill/ranges.js';
import { checksumSchema, writeChecksum } from '../../../../core/protocol/backfill/checksums.js';
import { accountIds, aMessage, deviceIds, hlcs, isMessage, rooms } from '../arbitraries.js';

const bold = (start: number, end: number) => ({ style: 'BOLD', start, end });
const link = (length: number) => ({
  style: 'HYPERLINK',
  start: 0,
  end: 1,
  url: `http://a.b/${'c'.repeat(length - 11)}`,
});

test('message: a valid one is accepted unchanged', (t) => {
  const message = aMessage({
    spans: [bold(0, 5), { style: 'ITALIC', start: 0, end: 11 }, link(30)].slice(0, 2),
  });
  t.deepEqual<unknown, unknown>(messageSchema.parse(message), message);
});

test('message: unknown fields are ignored', (t) => {
  t.deepEqual<unknown, unknown>(messageSchema.parse({ ...Object(aMessage()), later: 1 }), aMessage());
});

test('message: anything else is refused without an exception', (t) => {
  fc.assert(
    fc.property(
      fc.constantFrom('conversation', 'account', 'device', 'seq', 'hlc', 'roster', 'text', 'spans'),
      fc.anything({ withBigInt: true, withSparseArray: true, withTypedArray: true }),
      (field, value) => {
        const parsed = messageSchema.safeParse(aMessage({ [field]: value }));
        if (parsed.success) t.deepEqual<unknown, unknown>(parsed.data[field], value);
      },
    ),
  );
  fc.assert(fc.property(fc.anything(), (value) => t.false(messageSchema.safeParse(value).success)));
});

test('message: the text has 1 byte to 8 KiB of UTF-8', (t) => {
  t.true(isMessage({ text: 'x'.repeat(8_192) }));
  t.true(isMessage({ text: 'é'.repeat(4_096) }));
  for (const text of ['', 'x'.repeat(8_193), 'é'.repeat(4_097), '👋'.repeat(2_049), 'x'.repeat(10_000_000)]) {
    t.false(isMessage({ text }));
  }
});

test('message: the text is well-formed Unicode', (t) => {
  t.false(isMessage({ text: 'a\ud83d' }));
  t.true(isMessage({ text: 'a👋' }));
});

test('message: spans lie within the text, in order, and cut no character', (t) => {
  t.true(isMessage({ spans: [bold(0, 11), bold(0, 5), bold(5, 6)] }));
  t.false(isMessage({ spans: [bold(0, 12)] }));
  t.false(isMessage({ spans: [bold(5, 6), bold(4, 6)] }));
  t.true(isMessage({ text: 'a👋b', spans: [bold(1, 3)] }));
  t.false(isMessage({ text: 'a👋b', spans: [bold(2, 4)] }));
  t.false(isMessage({ text: 'a👋b', spans: [bold(0, 2)] }));
});

test('message: it has at most 256 spans and 8 KiB of addresses', (t) => {
  t.true(isMessage({ spans: Array.from({ length: 256 }, () => bold(0, 1)) }));
  t.false(isMessage({ spans: Array.from({ length: 257 }, () => bold(0, 1)) }));
  t.true(isMessage({ spans: Array.from({ length: 4 }, () => link(2_048)) }));
  t.false(isMessage({ spans: Array.from({ length: 5 }, () => link(2_048)) }));
});

test('message: the largest allowed message fits a frame', (t) => {
  const spans = Array.from({ length: 256 }, (_, at) => ({ ...link(32), start: 7_000 + at, end: 8_192 }));
  const message = aMessage({ text: 'x'.repeat(8_192), spans, seq: SEQ_MAX, roster: 2 ** 40 });
  t.true(messageSchema.safeParse(message).success);
  t.true(JSON.stringify(message).length < 60 * 1_024);
});

test('message: a private message has roster 0, and a room message does not', (t) => {
  const conversation = 'private-01ARZ3NDEKTSV4RRFFQ69G5FAV-01BX5ZZKBKACTAV9WEVGEMMVRZ';
  t.true(isMessage({ conversation, roster: 0 }));
  t.false(isMessage({ conversation, roster: 1 }));
  t.false(isMessage({ roster: 0 }));
  t.false(isMessage({ roster: -1 }));
});

test('message: sequence numbers are whole, start at 1 and fit a range', (t) => {
  for (const seq of [0, -1, 1.5, Number.NaN, SEQ_MAX + 1, 2 ** 53, '1', 1n])
    t.false(isMessage({ seq }), String(seq));
  const { device, seq } = messageSchema.parse(aMessage({ seq: SEQ_MAX }));
  t.true(
    deviceRangesSchema.safeParse(
      writeRanges({
        device,
        ranges: [
          [1, 1],
          [seq, seq],
        ],
      }),
    ).success,
  );
  t.true(checksumSchema.safeParse(writeChecksum({ device, range: [seq, seq], sum: 'A'.repeat(22) })).success);
});

test('conversation: a private conversation is the same for both parties and names them in order', (t) => {
  fc.assert(
    fc.property(accountIds, accountIds, (one, other) => {
      const conversation = privateConversation(one, other);
      t.is(conversation, privateConversation(other, one));
      t.deepEqual<unknown, unknown>(partiesOf(conversation), [one, other].sort());
    }),
  );
});

test('conversation: given a private conversation with its accounts out of order, then it is refused as a second spelling', (t) => {
  fc.assert(
    fc.property(accountIds, accountIds, (one, other) => {
      fc.pre(one < other);
      t.false(conversationIdSchema.safeParse(`private-${other}-${one}`).success);
    }),
  );
});

test('conversation: a room has no parties, and any other text is not a conversation', (t) => {
  fc.assert(fc.property(rooms, (room) => partiesOf(room) === null));
  for (const text of [
    '',
    'room-',
    'room-x',
    'private-',
    '#lobby',
    'room-01ARZ3NDEKTSV4RRFFQ69G5FAV\n',
    'room-01arz3ndektsv4rrffq69g5fav',
  ]) {
    t.false(conversationIdSchema.safeParse(text).success, JSON.stringify(text));
  }
});

test('message id: it has 22 characters and is the same on every machine', (t) => {
  const message = messageSchema.parse(aMessage());
  t.is(messageId(message), 'F80s-G2vzHqLlZ_0n5omlw');
  t.regex(messageId(message), /^[A-Za-z0-9_-]{22}$/);
});

test('message id: it is the same for the same conversation, device and number, and differs for any other', (t) => {
  const keys = fc.record({ conversation: rooms, device: deviceIds, seq: fc.integer({ min: 1, max: 50 }) });
  fc.assert(
    fc.property(fc.uniqueArray(keys, { selector: (key) => JSON.stringify(key), maxLength: 20 }), (some) => {
      t.is(new Set(some.map(messageId)).size, some.length);
      t.deepEqual(
        some.map(messageId),
        some.map((key) => messageId({ ...key })),
      );
    }),
  );
});

test('message order: it is total, consistent from both sides, and compares clock, device and number', (t) => {
  const few = fc.record({
    hlc: hlcs.map((hlc) => hlc),
    device: deviceIds,
    seq: fc.integer({ min: 1, max: 3 }),
  });
  // Messages are drawn from few values, so that each of the three fields sometimes decides the order.
  const lists = fc.tuple(
    fc.array(few, { minLength: 2, maxLength: 3 }),
    fc.array(fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2)), { maxLength: 8 }),
  );
  fc.assert(
    fc.property(lists, ([pool, picks]) => {
      const at = (index: number) => pool[index % pool.length] ?? pool[0];
      const placed = picks.flatMap(([a, b, c]) => {
        const [one, two, three] = [at(a), at(b), at(c)];
        return one && two && three ? [{ hlc: one.hlc, device: two.device, seq: three.seq }] : [];
      });
      for (const one of placed) {
        for (const other of placed) {
          const sign = Math.sign(compareMessages(one, other));
          t.is(sign, 0 - Math.sign(compareMessages(other, one)));
          t.is(sign === 0, one.hlc === other.hlc && one.device === other.device && one.seq === other.seq);
          if (one.hlc !== other.hlc) t.is(sign < 0, one.hlc < other.hlc);
          for (const third of placed) {
            if (sign <= 0 && compareMessages(other, third) <= 0) t.true(compareMessages(one, third) <= 0);
          }
        }
      }
    }),
  );
});
