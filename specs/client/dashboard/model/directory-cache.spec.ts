import test from 'ava';
import { DirectoryCache } from '../../../../client/dashboard/model/directory-cache.js';
import { accountIdSchema, systemIds } from '../../../../core/ids.js';
import type { PresenceState } from '../../../../core/protocol/operations.js';
import { answer, FakeChat } from '../../../support/fake-chat.js';
import { until } from '../../../support/until.js';

const someone = { isYou: false, isVerified: false, rooms: [], carrier: null, isBlocked: false };
const listing = (state: PresenceState) =>
  answer(300, 'PEOPLE_LISTED', '', {
    people: ['alice', 'bob', 'carol'].map((username) => ({
      ...someone,
      account: accountIdSchema.parse(systemIds.next()),
      username,
      state: username === 'bob' ? state : 'online',
    })),
  });
const requests = (chat: FakeChat): number => chat.calls.filter(([action]) => action === 'people').length;

test('directory cache: given people who are online, when one reports being away, then the list shows it at once, behind those who are present', async (t) => {
  const chat = new FakeChat();
  chat.answers.people = listing('online');
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
  t.is(requests(chat), 1);
});

test('directory cache: given a list that is being requested, when a person reports a presence, then it is kept, and nothing more is requested', async (t) => {
  const chat = new FakeChat();
  chat.answers.people = listing('online');
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
  t.is(requests(chat), 6);
  t.deepEqual(directory.people.at(-1), { username: 'bob', state: 'away' });
});

test('directory cache: given people who are online, when one goes offline, then the list omits them, and a list requested before does not bring them back', async (t) => {
  const chat = new FakeChat();
  chat.answers.people = listing('online');
  let changes = 0;
  const directory = new DirectoryCache(chat, () => void changes++);
  directory.refresh([]);
  await until(() => changes === 1, 'the list');
  directory.updatePresence('bob', 'offline');
  t.deepEqual(directory.people, [{ username: 'carol', state: 'online' }]);
  directory.refresh([]);
  directory.updatePresence('carol', 'offline');
  await until(() => changes === 4, 'the next list');
  t.deepEqual(directory.people, [{ username: 'bob', state: 'online' }]);
});
