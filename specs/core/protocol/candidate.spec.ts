import test from 'ava';
import { candidateSchema } from '../../../core/protocol/candidate.js';

const address = { ip: '192.0.2.1', port: 4_100 };

test('candidate: an address alone is accepted, as earlier terminals send it', (t) => {
  t.deepEqual(candidateSchema.parse(address), address);
});

test('candidate: the kind of listener and the source are kept, kinds of later versions included', (t) => {
  for (const more of [{ carrier: 'udp' }, { carrier: 'tcp', via: 'reflexive' }, { carrier: 'quic' }]) {
    t.deepEqual(candidateSchema.parse({ ...address, ...more }), { ...address, ...more });
  }
});

test('candidate: a kind is a short word', (t) => {
  for (const carrier of ['', 'UDP', 'a b', 'x'.repeat(17), 7, null, {}]) {
    t.false(candidateSchema.safeParse({ ...address, carrier }).success);
    t.false(candidateSchema.safeParse({ ...address, via: carrier }).success);
  }
});
