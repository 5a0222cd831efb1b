import test from 'ava';
import type { LinkChange } from '../../../client/chat/events.js';
import { createLinkTeller } from '../../../client/wording/links.js';
import { newDeviceId } from '../../support/identities.js';

const telling = () => {
  const links = createLinkTeller(() => 'alice');
  return (change: LinkChange) => links.sentence(change);
};
const refused = (port: number): string => `Nothing answers (127.0.0.1:${port}).`;

test('links: an opened and a lost link give a sentence, an attempt gives none', (t) => {
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

test('links: an unidentified peer gives no sentence, and another terminal of the user is called that', (t) => {
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

test('links: given several terminals of a person, then only the first opened and the last closed link give a sentence', (t) => {
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

test('links: given a logout, then earlier links are forgotten for the next user', (t) => {
  const links = createLinkTeller(() => 'alice');
  const change = { peer: 'bob', link: 'tcp', reason: '' } as const;
  links.sentence({ ...change, device: newDeviceId(), state: 'open' });
  links.forget();
  const device = newDeviceId();
  t.is(links.sentence({ ...change, device, state: 'open' }), 'linked to bob directly over tcp');
  t.is(links.sentence({ ...change, device, state: 'closed' }), 'link to bob closed');
});
