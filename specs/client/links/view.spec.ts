import test from 'ava';
import { failure } from '../../../client/links/failure.js';
import type { Attempt } from '../../../client/links/link/machine.js';
import type { LinkStatus } from '../../../client/links/link.js';
import { viewOf } from '../../../client/links/view.js';
import { generateSigningKey } from '../../../core/keys.js';
import { deviceIdOf } from './device.js';

const device = deviceIdOf(generateSigningKey().publicKey);
const failed: Attempt = { at: 1, carrier: 'udp', via: 'there', failure: failure('unreachable', 'there') };
const open: Attempt = { at: 2, carrier: 'relay', via: 'the broker', failure: null };
const relayed: LinkStatus = {
  phase: 'open',
  dials: true,
  choice: 'auto',
  failure: null,
  open,
  attempts: [failed, open],
  rttMs: null,
  loss: null,
  queued: 0,
};
const told = (status: LinkStatus): string => viewOf(device, status, 0).reason.message;

test('view: given a link over the relay, then who dialled tells why nothing better carries it, and the other side tells who knows', (t) => {
  t.regex(told(relayed), /^Connected over relay with the broker\. Not over udp: Nothing answers .*there/);
  t.regex(
    told({ ...relayed, dials: false, attempts: [open] }),
    /relay.*\. The other device dials, and shows why/,
  );
});

test('view: given a link over what was chosen, or over the best, then there is nothing to explain', (t) => {
  const chosen = told({ ...relayed, dials: false, choice: 'relay', attempts: [open] });
  t.is(chosen, 'Connected over relay with the broker.');
  const best = { ...open, carrier: 'tcp', via: 'there' } as const;
  const status = { ...relayed, dials: false, open: best, attempts: [best] };
  t.is(told(status), 'Connected over tcp with there.');
});
