// The operator's commands as the terminals of members see them.
import test from 'ava';
import { operatorMetadata } from '../../../../actors/operator.js';
import type { OperatorRoomCommand } from '../../../../actors/room/commands.js';
import { noticeSentence } from '../../../../client/wording/sentences.js';
import { addressOf } from '../../../../core/actor/aggregate.js';
import { systemIds } from '../../../../core/ids.js';
import { createWorld, type World } from '../support/world.js';

const personal = { reason: 'spam' };

async function operate({ tracker }: World, name: string, command: OperatorRoomCommand): Promise<void> {
  const id = addressOf((await tracker.room(name)).conversation)?.id ?? '';
  await tracker.host.send({ kind: 'room', id, command, metadata: operatorMetadata(systemIds) });
}

test('operator: given a room, when the operator removes its admin and then closes it, then members see who did it and why, and are not in it any more', async (t) => {
  const world = await createWorld(t);
  const [alice, bob] = [await world.terminal('alice'), await world.terminal('bob')];
  await alice.chat.create('lobby');
  await bob.chat.join('lobby');
  const { account: target } = await world.user('alice');
  await operate(world, 'lobby', { type: 'RemoveAsOperator', target, personal });
  const removal = await alice.hears('notice', { type: 'MemberRemoved' });
  t.is(noticeSentence(removal, 'alice'), '#lobby you were removed by the operator (spam)');
  await bob.hears('notice', { type: 'AdminSucceeded', username: 'bob' });
  t.regex((await alice.chat.why()).message, /The operator of the tracker did this\. Reason: spam\./);

  await operate(world, 'lobby', { type: 'CloseRoom', personal });
  const end = await bob.hears('notice', { type: 'RoomClosed' });
  t.is(noticeSentence(end, 'bob'), '#lobby the operator closed the room (spam)');
  t.deepEqual(bob.chat.conversations, []);
});

test('operator: given a renamed member, then both terminals show that the operator did it and why', async (t) => {
  const world = await createWorld(t);
  const [alice, bob] = [await world.terminal('alice'), await world.terminal('bob')];
  await alice.chat.create('lobby');
  await bob.chat.join('lobby');
  const { account } = await world.user('bob');
  const at = world.tracker.clock.now();
  await world.tracker.host.send({
    kind: 'account',
    id: account,
    command: {
      type: 'RenameAsOperator',
      account,
      at,
      personal: { username: 'robert', formerly: 'bob', ...personal },
    },
    metadata: operatorMetadata(systemIds),
  });
  const seen = await alice.hears('notice', { type: 'UsernameChanged' });
  t.like(seen, { username: 'robert', formerly: 'bob', by: null, isByOperator: true, reason: 'spam' });
  const own = await bob.hears('notice', { type: 'UsernameChanged' });
  t.is(noticeSentence(own, 'robert'), 'the operator renamed you to robert (spam)');
});
