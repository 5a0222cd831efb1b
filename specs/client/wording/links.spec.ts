import test from 'ava';
import type { LinkChange } from '../../../client/chat/events.js';
import { createLinkTeller } from '../../../client/wording/links.js';
import { newDeviceId } from '../../support/identities.js';

const telling = () => {
  const links = createLinkTeller(() => 'alice');
  return (change: LinkChange) => links.sentence(change);
};
const refused = (port: number): string => `Nothing answers (127.0.0.1:${port}).`;

test('links: a link is told when it opens and when it is lost, not each attempt', (t) => {
  const tell = telling();
  const change = { peer: 'bob', link: 'tcp', reason: '' } as const;
  t.deepEqual(
    [
      tell({ ...change, state: 'dialing' }),
      tell({ ...change, state: 'closed', reason: refused(4) }),
      tell({ ...change, state: 'closed', reason: refused(53) }),
      tell({ ...change, state: 'closed', reason: 'It has another key.' }),
      tell({ ...change, state: 'open' }),
      tell({ ...change, state: 'open' }),
      tell({ ...change, state: 'open', link: 'relay' }),
      tell({ ...change, state: 'closed', reason: 'Bob left.' }),
      tell({ ...change, state: 'closed', reason: 'Nobody is there.' }),
      tell({ ...change, state: 'open', link: 'udp' }),
      tell({ ...change, state: 'closed' }),
    ],
    [
      null,
      'no link to bob: Nothing answers (127.0.0.1:4).',
      null,
      'no link to bob: It has another key.',
      'linked to bob directly over tcp',
      null,
      'linked to bob through the broker (relay)',
      'link to bob closed: Bob left.',
      null,
      'linked to bob directly over udp',
      'link to bob closed',
    ],
  );
});

test('links: a visitor who never said who they are is no line, the other terminal of the user goes by that', (t) => {
  const tell = telling();
  const change = { link: 'tcp', reason: 'The handshake was cut.' } as const;
  t.is(tell({ ...change, peer: 'unknown', state: 'closed' }), null);
  t.is(
    tell({ ...change, peer: 'alice', state: 'open' }),
    'linked to another terminal of yours directly over tcp',
  );
  t.is(
    tell({ ...change, peer: 'alice', state: 'closed' }),
    'link to another terminal of yours closed: The handshake was cut.',
  );
});

test('links: given several terminals of a person, then they are linked with the first and lost with the last', (t) => {
  const tell = telling();
  const [desk, phone] = [newDeviceId(), newDeviceId()];
  const change = { peer: 'bob', link: 'tcp', reason: '' } as const;
  t.deepEqual(
    [
      tell({ ...change, device: desk, state: 'open' }),
      tell({ ...change, device: phone, state: 'open' }),
      tell({ ...change, device: phone, state: 'closed', reason: 'The other device left.' }),
      tell({ ...change, device: phone, state: 'closed', reason: refused(4) }),
      tell({ ...change, device: desk, state: 'closed', reason: 'The other device left.' }),
      tell({ ...change, device: phone, state: 'open', link: 'relay' }),
      tell({ ...change, device: desk, state: 'open' }),
      tell({ ...change, device: phone, state: 'open' }),
    ],
    [
      'linked to bob directly over tcp',
      null,
      null,
      null,
      'link to bob closed: The other device left.',
      'linked to bob through the broker (relay)',
      'linked to bob directly over tcp',
      null,
    ],
  );
});

test('links: given a logout, then what was linked before is not linked for who logs in next', (t) => {
  const links = createLinkTeller(() => 'alice');
  const change = { peer: 'bob', link: 'tcp', reason: '' } as const;
  links.sentence({ ...change, device: newDeviceId(), state: 'open' });
  links.forget();
  const device = newDeviceId();
  t.is(links.sentence({ ...change, device, state: 'open' }), 'linked to bob directly over tcp');
  t.is(links.sentence({ ...change, device, state: 'closed' }), 'link to bob closed');
});
