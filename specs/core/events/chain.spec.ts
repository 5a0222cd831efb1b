import test from 'ava';
import * as fc from 'fast-check';
import { digestPersonal, GENESIS, hashEvent, sealEvent, verifyChain } from '../../../core/events/chain.js';
import type { EventRow } from '../../../core/events/event.js';
import { countedSalts, event, START } from './samples.js';

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const columns = fc.record({
  position: fc.nat(),
  stream: text,
  version: fc.nat(),
  type: text,
  schemaVersion: fc.nat(),
  payload: text,
  personal: fc.constant(null),
  salt: fc.constant(null),
  personalDigest: fc.option(text),
  metadata: text,
  recordedAt: fc.nat(),
});

test('chain: rows that differ in a hashed column have different hashes', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(columns, columns, text, text, (one, other, before, beforeOther) => {
        const isSame = JSON.stringify([one, before]) === JSON.stringify([other, beforeOther]);
        return isSame === (hashEvent(before, one) === hashEvent(beforeOther, other));
      }),
    ),
  );
});

test('chain: text that moves from one column to the next changes the hash', (t) => {
  const row: Omit<EventRow, 'hash'> = {
    position: 1,
    stream: 'ab',
    version: 1,
    type: 'c',
    schemaVersion: 1,
    payload: '{}',
    personal: null,
    salt: null,
    personalDigest: null,
    metadata: '{}',
    recordedAt: START,
  };
  const hashes = [
    row,
    { ...row, stream: 'a', type: 'bc' },
    { ...row, stream: 'ab1:c', type: '' },
    { ...row, personalDigest: '' },
    { ...row, personalDigest: '-' },
  ].map((fields) => hashEvent(GENESIS.hash, fields));
  t.is(new Set(hashes).size, hashes.length);
});

// The encoding is a permanent contract: every later version checks a log written today.
test('chain: the hash of a known row never changes', (t) => {
  const place = { stream: 'room-1', version: 1, recordedAt: START, newSalt: () => 'salt' };
  const row = sealEvent(GENESIS, place, event('Happened', { personal: { name: 'Änn' } }));
  t.is(row.personalDigest, 'ff41881ec477ea88188600244643df4f0855589d3fe020628b6b96af05eedeb4');
  t.is(row.personalDigest, digestPersonal('salt', '{"name":"Änn"}'));
  t.is(row.hash, '9ad8e02e99cda4709fd30b7c1433431d133efcf71b1132ff02cdad4a4d822971');
});

test('chain: a slice is checked from the head before it', (t) => {
  const newSalt = countedSalts();
  const rows: EventRow[] = [];
  for (let version = 1; version <= 5; version += 1) {
    const place = { stream: 'a', version, recordedAt: START, newSalt };
    rows.push(sealEvent(rows.at(-1) ?? GENESIS, place, event('Happened', { personal: { version } })));
  }
  const [, second] = rows;
  if (second === undefined) throw new Error('five rows have a second');
  t.like(verifyChain(second, rows.slice(2)), { kind: 'intact', head: { position: 5 } });
  t.like(verifyChain(GENESIS, rows.slice(2)), { kind: 'broken', position: 1 });
  t.like(verifyChain(GENESIS, rows.toReversed()), { kind: 'broken', position: 1 });
  t.deepEqual(verifyChain(second, []), { kind: 'intact', head: second, redacted: 0 });
});
