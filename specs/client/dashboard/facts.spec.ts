import test from 'ava';
import { KnownFacts } from '../../../client/dashboard/facts.js';
import { FakeChat } from '../../support/fake-chat.js';
import { until } from '../../support/until.js';

const listing = (state: string) => ({
  status: 300,
  phrase: 'PEOPLE_LISTED',
  message: '',
  data: {
    people: ['alice', 'bob', 'carol'].map((username) => ({
      username,
      state: username === 'bob' ? state : 'online',
    })),
  },
});
const asked = (chat: FakeChat): number => chat.calls.filter(([action]) => action === 'people').length;

test('facts: given who is online, when one tells they are away, then they stand so at once, behind those who are there', async (t) => {
  const chat = new FakeChat();
  chat.answers.set('people', listing('online'));
  let changes = 0;
  const facts = new KnownFacts(chat, () => void changes++);
  facts.told('bob', 'away');
  t.deepEqual(facts.people, [], 'nobody is listed yet');
  facts.refresh([]);
  await until(() => changes === 1, 'the list');
  facts.told('bob', 'away');
  facts.told('dave', 'away');
  t.is(changes, 2);
  t.deepEqual(facts.people, [
    { username: 'carol', state: 'online' },
    { username: 'bob', state: 'away' },
  ]);
  t.is(asked(chat), 1);
});

test('facts: given a list that is being asked for, when one tells how it is, then it is asked for once more', async (t) => {
  const chat = new FakeChat();
  chat.answers.set('people', listing('online'));
  const facts = new KnownFacts(chat, () => undefined);
  facts.refresh([]);
  await until(() => facts.people.length === 2, 'the list');
  facts.refresh([]);
  facts.told('bob', 'dnd');
  chat.answers.set('people', listing('dnd'));
  await until(() => asked(chat) === 3, 'being asked once more');
  t.deepEqual(facts.people.at(-1), { username: 'bob', state: 'dnd' });
});
