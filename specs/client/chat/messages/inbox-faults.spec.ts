// Messages that cannot be judged: each is answered, and the inbox keeps working.
import test from 'ava';
import { generateSigningKey } from '../../../../core/keys.js';
import { hlcAt } from '../../../../core/protocol/message/hlc.js';
import { messageSchema, privateConversation } from '../../../../core/protocol/message/message.js';
import { proveTurn } from '../../../../core/protocol/message/proof.js';
import { meetStranger, messageOf } from '../support/stranger.js';
import { deviceOf } from '../support/terminal.js';
import { createWorld } from '../support/world.js';

test('inbox: given a device id that contains no key, then the message is refused, and the next one is accepted', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const key = generateSigningKey();
  const bob = await meetStranger(world, alice, 'bob', deviceOf(key));
  const conversation = privateConversation(alice.session.account, bob.user.account);
  const said = messageSchema.parse(messageOf(bob.user, { conversation }));
  const [proof] = proveTurn([said], (data) => key.sign(data));
  const last = said.device.at(-1) === 'A' ? 'B' : 'A';
  const device = `${said.device.slice(0, -1)}${last}`;
  t.like(await bob.say({ ...said, device, proof }), { status: 401, phrase: 'NOT_A_RECIPIENT' });
  t.like(await bob.say({ ...said, proof }), { status: 400 });
});

test('inbox: given a sync that fails while a message is judged, then the author learns that it has to send the message again', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await meetStranger(world, alice, 'bob');
  const conversation = privateConversation(alice.session.account, bob.user.account);
  world.tracker.alters = (title, answer) => {
    if (title === 'Sync') throw new Error('the history is full');
    return answer;
  };
  const ahead = messageOf(bob.user, { conversation, hlc: hlcAt(Date.now() + 86_400_000) });
  const answered = await bob.say(ahead);
  t.like(answered, { status: 501, phrase: 'UNAVAILABLE' });
  t.regex(answered.message, /the history is full/);
});
