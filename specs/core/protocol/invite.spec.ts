import test from 'ava';
import * as fc from 'fast-check';
import { formatInvite, type Invite, parseInvite } from '../../../core/protocol/invite.js';
import { hostileText } from './arbitraries.js';

const keys = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
const plain: fc.Arbitrary<Invite> = fc.record({
  host: fc.oneof(fc.domain(), fc.ipV4(), fc.constantFrom('localhost', '::1', '2001:db8::7:0:1', 'fe80::1')),
  port: fc.integer({ min: 1, max: 65_535 }),
  guest: fc.stringMatching(/^SA[A-Z2-7]{56}$/),
  sign: keys,
  seal: keys,
});
const pinned = fc
  .tuple(plain, fc.stringMatching(/^[A-Za-z0-9_-]{43}$/))
  .map(([one, tls]) => ({ ...one, tls }));
const invites = fc.oneof(plain, pinned);
const invite: Invite = {
  host: '127.0.0.1',
  port: 4222,
  guest: `SA${'A'.repeat(56)}`,
  sign: Buffer.alloc(32, 1),
  seal: Buffer.alloc(32, 2),
};
const text = formatInvite(invite);

const refusalOf = (value: string): string => {
  const read = parseInvite(value);
  return 'refusal' in read ? read.refusal : '';
};

test('invite: given a name, an IPv4 or an IPv6 address, then a formatted invite is read back the same', (t) => {
  fc.assert(fc.property(invites, (one) => t.deepEqual(parseInvite(formatInvite(one)), { invite: one })));
});

test('invite: its format is the documented one', (t) => {
  const sign = 'AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE';
  const seal = 'AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI';
  t.is(text, `partyline://127.0.0.1:4222/?guest=SA${'A'.repeat(56)}&sign=${sign}&seal=${seal}`);
});

test('invite: surrounding space and parameters of later versions are ignored', (t) => {
  t.deepEqual(parseInvite(`  ${text}\r\n`), { invite });
  t.deepEqual(parseInvite(`${text}&later=1`), { invite });
});

test('invite: given a text cut off anywhere, then it is refused with a sentence', (t) => {
  fc.assert(
    fc.property(invites, (one) => {
      const whole = formatInvite(one);
      const refusals = Array.from(whole, (_, length) => refusalOf(whole.slice(0, length)));
      t.deepEqual(
        refusals.filter((refusal) => !/^(An|The) invite .*\.$/.test(refusal)),
        [],
      );
    }),
    { numRuns: 20 },
  );
});

test('invite: given an invalid part, then the refusal names it', (t) => {
  for (const [part, wrong] of [
    ['port', text.replace(':4222', '')],
    ['port', text.replace(':4222', ':0')],
    ['guest', text.replace('SAA', 'SUA')],
    ['sign', text.replace('sign=A', 'sign=!')],
    ['sign', text.replace('sign=A', 'sign=')],
    ['seal', `${text}AAAA`],
    ['seal', text.replace('seal=', 'seat=')],
  ] as const) {
    t.regex(refusalOf(wrong), new RegExp(`mistyped: "${part}" is not valid`), wrong);
  }
  t.regex(refusalOf(text.replace(':4222', ':65536')), /incomplete or mistyped/);
  t.regex(refusalOf(text.replace('partyline:', 'http:')), /must start with partyline:/);
});

test('invite: given any text, then it is read or refused with a sentence, without an exception', (t) => {
  const spoilt = fc
    .tuple(fc.nat(text.length), fc.nat(5), hostileText)
    .map(([place, length, other]) => text.slice(0, place) + other + text.slice(place + length));
  const anything = fc.oneof(
    hostileText,
    hostileText.map((rest) => `partyline://${rest}`),
    spoilt,
  );
  fc.assert(
    fc.property(anything, (value) => {
      const read = parseInvite(value);
      if ('refusal' in read) t.regex(read.refusal, /^(An|The) invite .*\.$/);
      else t.notThrows(() => formatInvite(read.invite));
    }),
    { numRuns: 1_000 },
  );
});
