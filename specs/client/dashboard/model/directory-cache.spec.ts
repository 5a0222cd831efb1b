import test from 'ava';
import { DirectoryCache } from '../../../../client/dashboard/model/directory-cache.js';
import { FakeChat } from '../../../support/fake-chat.js';
import { until } from '../../../support/until.js';

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
  const directory = new DirectoryCache(chat, () => void changes++);
  directory.updatePresence('bob', 'away');
  t.deepEqual(directory.people, [], 'nobody is listed yet');
  directory.refresh([]);
  await until(() => changes === 1, 'the list');
  directory.updatePresence('bob', 'away');
  directory.updatePresence('dave', 'away');
  t.is(changes, 2);
  t.deepEqual(directory.people, [
    { username: 'carol', state: 'online' },
    { username: 'bob', state: 'away' },
  ]);
  t.is(asked(chat), 1);
});

test('facts: given a list that is being asked for, when one tells how it is, then that stands, and nothing more is asked for', async (t) => {
  const chat = new FakeChat();
  chat.answers.set('people', listing('online'));
  let changes = 0;
  const directory = new DirectoryCache(chat, () => void changes++);
  directory.refresh([]);
  directory.updatePresence('bob', 'dnd');
  await until(() => changes === 1, 'the list');
  t.deepEqual(directory.people.at(-1), { username: 'bob', state: 'dnd' });
  for (let round = 1; round <= 5; round += 1) {
    directory.refresh([]);
    directory.updatePresence('bob', 'away');
    await until(() => changes === 1 + 2 * round, 'the next list');
  }
  t.is(asked(chat), 6);
  t.deepEqual(directory.people.at(-1), { username: 'bob', state: 'away' });
});
