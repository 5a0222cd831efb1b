import test from 'ava';
import * as fc from 'fast-check';
import { publicNKey } from '../../../core/bus/credentials/nkey.js';
import {
  ALL_AUTH,
  ALL_COMMANDS,
  AUTH_OPERATIONS,
  authSubject,
  COMMAND_TOPICS,
  commandSubject,
  deviceInbox,
  guestInbox,
  isServiceReply,
  isWithinInbox,
  noticeSubject,
  parseAuthSubject,
  parseCommandSubject,
  parseNoticeSubject,
  parseRelaySubject,
  permissions,
  relaySubject,
} from '../../../core/bus/subjects.js';
import { accountIdSchema, deviceIdSchema } from '../../../core/ids.js';
import { newDeviceId } from '../../support/identities.js';
import { holds } from '../../support/property.js';

const device = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((key) => deviceIdSchema.parse(publicNKey('user', key)));
const account = fc.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/).map((id) => accountIdSchema.parse(id));
const link = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);

test('subjects: every built subject is parsed back to its parts', (t) => {
  fc.assert(
    fc.property(device, device, account, link, (from, to, owner, link) => {
      for (const operation of AUTH_OPERATIONS) {
        t.deepEqual(parseAuthSubject(authSubject(from, operation)), { device: from, operation });
      }
      for (const topic of COMMAND_TOPICS) {
        t.deepEqual(parseCommandSubject(commandSubject(owner, from, topic)), {
          account: owner,
          device: from,
          topic,
        });
      }
      t.is(parseNoticeSubject(noticeSubject(owner)), owner);
      t.deepEqual(parseRelaySubject(relaySubject(to, from, link)), { to, from, link });
    }),
    { numRuns: 20 },
  );
});

test('subjects: the permissions of a device and a guest match exactly the subjects that they use', (t) => {
  fc.assert(
    fc.property(device, device, account, link, (mine, other, owner, link) => {
      fc.pre(mine !== other);
      const { publish, subscribe } = permissions.device(owner, mine);
      t.true(isMatched(commandSubject(owner, mine, 'sync'), publish));
      t.true(isMatched(relaySubject(other, mine, link), publish));
      t.false(isMatched(commandSubject(owner, other, 'sync'), publish));
      t.false(isMatched(relaySubject(mine, other, link), publish));
      t.true(isMatched(`${deviceInbox(mine)}.x.y`, subscribe));
      t.true(isMatched(noticeSubject(owner), subscribe));
      t.true(isMatched(relaySubject(mine, other, link), subscribe));
      t.false(isMatched(`${deviceInbox(other)}.x.y`, subscribe));
      const guest = permissions.guest(mine);
      t.true(isMatched(authSubject(mine, 'login'), guest.publish));
      t.false(isMatched(authSubject(other, 'login'), guest.publish));
      t.true(isMatched(`${guestInbox(mine)}.x`, guest.subscribe));
      t.true(isMatched(authSubject(mine, 'login'), [ALL_AUTH]));
      t.true(isMatched(commandSubject(owner, mine, 'sync'), [ALL_COMMANDS]));
    }),
    { numRuns: 20 },
  );
});

test('subjects: any other subject is refused', async (t) => {
  const token = fc.oneof(
    fc.constantFrom('tracker', 'auth', 'cmd', 'user', 'notice', 'relay', 'login', 'sync', '', '*', '>', ' '),
    fc.string(),
    device,
    account,
  );
  await holds(
    t,
    fc.property(fc.array(token, { maxLength: 7 }), (tokens) => {
      const subject = tokens.join('.');
      const auth = parseAuthSubject(subject);
      const command = parseCommandSubject(subject);
      const notice = parseNoticeSubject(subject);
      const relay = parseRelaySubject(subject);
      // Every accepted subject must be exactly what the builder writes.
      if (auth) t.is(authSubject(auth.device, auth.operation), subject);
      if (command) t.is(commandSubject(command.account, command.device, command.topic), subject);
      if (notice) t.is(noticeSubject(notice), subject);
      if (relay) t.is(relaySubject(relay.to, relay.from, relay.link), subject);
    }),
  );
});

test('subjects: a link id that would be two tokens or a wildcard is refused', (t) => {
  const [mine, other] = [newDeviceId(), newDeviceId()];
  for (const id of ['', 'a.b', '*', '>', 'a b', 'x'.repeat(65), 'a\r\nPUB']) {
    t.throws(() => relaySubject(mine, other, id), { instanceOf: RangeError });
  }
});

test('subjects: a reply subject belongs to an inbox only if it is below it', (t) => {
  const mine = newDeviceId();
  const inbox = deviceInbox(mine);
  t.true(isWithinInbox(`${inbox}.a.b`, inbox));
  for (const reply of [inbox, `${inbox}x.a`, `user.${mine}.notice`, '']) t.false(isWithinInbox(reply, inbox));
});

test('subjects: only a subject made by the broker is accepted as a reply to another account', (t) => {
  t.true(isServiceReply('_R_.WT1EUr.AT5Mo2'));
  for (const reply of ['_R_', '_R_.a', '_R_.a.b.c', '_INBOX.a.b', 'x_R_.a.b', '_R_.*.b', ''])
    t.false(isServiceReply(reply));
});

// The broker's rule: `*` is one token, `>` is the rest.
function isMatched(subject: string, patterns: readonly string[]): boolean {
  const tokens = subject.split('.');
  return patterns.some((pattern) => {
    const wanted = pattern.split('.');
    const head = wanted.at(-1) === '>' ? wanted.slice(0, -1) : wanted;
    const isLongEnough = wanted.at(-1) === '>' ? tokens.length > head.length : tokens.length === head.length;
    return isLongEnough && head.every((token, at) => token === '*' || token === tokens[at]);
  });
}
