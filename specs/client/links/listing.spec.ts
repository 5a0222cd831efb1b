import test from 'ava';
import { failure } from '../../../client/links/failure.js';
import type { LinkAttempt } from '../../../client/links/link/machine.js';
import { NOT_INTRODUCED_RETRIES } from '../../../client/links/limits.js';
import type { LinkStatus } from '../../../client/links/link/port.js';
import { summaryOf } from '../../../client/links/listing.js';
import { generateSigningKey } from '../../../core/keys.js';
import { deviceIdOf } from './device.js';

const device = deviceIdOf(generateSigningKey().publicKey);
const failed: LinkAttempt = { at: 1, carrier: 'udp', via: 'there', failure: failure('unreachable', 'there') };
const open: LinkAttempt = { at: 2, carrier: 'relay', via: 'the broker', failure: null };
const relayed: LinkStatus = {
  phase: 'open',
  dials: true,
  choice: 'auto',
  failure: null,
  failures: 0,
  open,
  attempts: [failed, open],
  rttMs: null,
  loss: null,
  queued: 0,
  nextTryAt: null,
};
const messageOf = (status: LinkStatus): string => summaryOf(device, status, 0).reason.message;

test('listing: given a link over the relay, then the dialling side shows why no better carrier is used, and the other side refers to it', (t) => {
  t.regex(messageOf(relayed), /^Connected over relay with the broker\. Not over udp: No answer .*there/);
  t.regex(
    messageOf({ ...relayed, dials: false, attempts: [open] }),
    /relay.*\. The other device opens the connection; \/links there shows why/,
  );
});

test('listing: given a link over the chosen carrier or the best one, then the reason has no explanation', (t) => {
  const chosen = messageOf({ ...relayed, dials: false, choice: 'relay', attempts: [open] });
  t.is(chosen, 'Connected over relay with the broker.');
  const best = { ...open, carrier: 'tcp', via: 'there' } as const;
  const status = { ...relayed, dials: false, open: best, attempts: [best] };
  t.is(messageOf(status), 'Connected over tcp with there.');
});

test('listing: given a peer that is not introduced yet, then the link is dialing, and closed only after several refusals', (t) => {
  const refused = failure('not-introduced');
  const attempts = [{ ...failed, failure: refused }];
  const waiting: LinkStatus = {
    ...relayed,
    phase: 'waiting',
    open: null,
    failure: refused,
    failures: NOT_INTRODUCED_RETRIES,
    attempts,
  };
  t.like(summaryOf(device, waiting, 0), { state: 'dialing', reason: { code: 'connecting' } });
  const outcome = { state: 'closed', reason: { code: 'not-introduced' } } as const;
  t.like(summaryOf(device, { ...waiting, failures: NOT_INTRODUCED_RETRIES + 1 }, 0), outcome);
  t.like(
    summaryOf(device, { ...waiting, attempts: [open, ...attempts] }, 0),
    outcome,
    'the peer knew this device before',
  );
  const unreachable = { ...waiting, failure: failure('unreachable') };
  t.like(summaryOf(device, unreachable, 0), { state: 'closed', reason: { code: 'unreachable' } });
});
