import test from 'ava';
import { failure } from '../../../client/links/failure.js';
import type { LinkAttempt } from '../../../client/links/link/machine.js';
import { NOT_INTRODUCED_RETRIES } from '../../../client/links/limits.js';
import type { LinkStatus } from '../../../client/links/link/link.js';
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
};
const told = (status: LinkStatus): string => summaryOf(device, status, 0).reason.message;

test('view: given a link over the relay, then who dialled tells why nothing better carries it, and the other side tells who knows', (t) => {
  t.regex(told(relayed), /^Connected over relay with the broker\. Not over udp: No answer .*there/);
  t.regex(
    told({ ...relayed, dials: false, attempts: [open] }),
    /relay.*\. The other device makes the connection and shows why/,
  );
});

test('view: given a link over what was chosen, or over the best, then there is nothing to explain', (t) => {
  const chosen = told({ ...relayed, dials: false, choice: 'relay', attempts: [open] });
  t.is(chosen, 'Connected over relay with the broker.');
  const best = { ...open, carrier: 'tcp', via: 'there' } as const;
  const status = { ...relayed, dials: false, open: best, attempts: [best] };
  t.is(told(status), 'Connected over tcp with there.');
});

test('view: given a device that has not heard of the introduction yet, then it is being dialled, until that is the outcome', (t) => {
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
  t.like(summaryOf(device, { ...waiting, attempts: [open, ...attempts] }, 0), outcome, 'it knew this one');
  const unreachable = { ...waiting, failure: failure('unreachable') };
  t.like(summaryOf(device, unreachable, 0), { state: 'closed', reason: { code: 'unreachable' } });
});
