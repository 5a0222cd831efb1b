import test from 'ava';
import type { Caller } from '../../../actors/caller.js';
import type { DeviceId } from '../../../core/ids.js';
import { limits } from '../../../core/protocol/limits.js';
import { introducedSchema, peopleListSchema } from '../../../core/protocol/operations.js';
import type { Introduction } from '../../../core/protocol/signed/statements.js';
import { newDeviceId } from '../../support/identities.js';
import { type TrackerFixture, openTrackerFixture } from '../tracker-fixture.js';
import { introductionsIn, readIntroduction } from '../statements.js';

let connections = 0;
const connect = ({ presence }: TrackerFixture, { account, device }: Caller): string => {
  const id = `server/${connections++}`;
  presence.connected({ id, account, device });
  return id;
};

async function scene(t: Parameters<typeof openTrackerFixture>[0]) {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  const ben = await fixture.enrolled('Ben');
  connect(fixture, ann);
  return { fixture, ann, ben };
}

const named = (username: string) => ({ username });
const brief = ({ to, peer: { username, device, addresses }, connection }: Introduction) => ({
  to,
  username,
  device,
  addresses,
  connection,
});
const pushedTo = ({ pushed, signing }: TrackerFixture, { account }: Caller) =>
  pushed
    .filter((one) => one.account === account)
    .map(({ statement }) => brief(readIntroduction(signing, statement)));

test('people: online accounts are listed by name, without regard to case', async (t) => {
  const { fixture, ann } = await scene(t);
  for (const name of ['dora', 'Carl', 'bert']) connect(fixture, await fixture.enrolled(name));
  const answer = await fixture.ask.people(ann, { operation: 'LIST' });
  t.is(answer.phrase, 'PEOPLE_LISTED');
  const { people } = peopleListSchema.parse(answer.data);
  t.deepEqual(
    people.map(({ username }) => username),
    ['Ann', 'bert', 'Carl', 'dora'],
  );
});

test('people: given more people than a listing holds, then the listing has the first by name', async (t) => {
  const { fixture, ann } = await scene(t);
  const names = Array.from(
    { length: limits.listingMaxRows + 5 },
    (_, n) => `guest-${String(n).padStart(5, '0')}`,
  );
  for (const caller of await Promise.all(names.map((name) => fixture.enrolled(name))))
    connect(fixture, caller);
  const { people } = peopleListSchema.parse((await fixture.ask.people(ann, { operation: 'LIST' })).data);
  t.deepEqual(
    people.map(({ username }) => username),
    ['Ann', ...names].slice(0, limits.listingMaxRows),
  );
});

test('private: given an online account, then each side has the other’s signed introduction to its own device', async (t) => {
  const { fixture, ann, ben } = await scene(t);
  connect(fixture, ben);
  const addresses = [{ ip: '192.0.2.7', port: 4_100 }];
  t.is((await fixture.ask.people(ben, { operation: 'ANNOUNCE', addresses })).phrase, 'ADDRESSES_ANNOUNCED');
  const answer = await fixture.ask.private(ann, named('bEN'));
  t.is(answer.phrase, 'PRIVATE_SESSION_INITIATED');
  t.deepEqual(introducedSchema.parse(answer.data).peer, { account: ben.account, username: 'Ben' });
  const connection = 'TCP' as const;
  t.deepEqual(introductionsIn(fixture.signing, answer.data).map(brief), [
    { to: ann.device, username: 'Ben', device: ben.device, addresses, connection },
  ]);
  t.deepEqual(pushedTo(fixture, ben), [
    { to: ben.device, username: 'Ann', device: ann.device, addresses: [], connection },
  ]);
  t.is(fixture.pushed.length, 1);
});

test('private: given several devices, then each gets its own introduction', async (t) => {
  const { fixture, ann, ben } = await scene(t);
  const phone = await fixture.another(ben);
  for (const caller of [ben, phone]) connect(fixture, caller);
  const answer = await fixture.ask.private(ann, named('Ben'));
  const [first, second] = introductionsIn(fixture.signing, answer.data).map(brief);
  t.deepEqual([first?.device, second?.device], [ben.device, phone.device]);
  t.deepEqual(
    pushedTo(fixture, ben).map(({ to }) => to),
    [ben.device, phone.device],
  );
});

test('private: given an account with offline devices, then its introduction names the last eight enrolled devices', async (t) => {
  const { fixture, ann, ben } = await scene(t);
  connect(fixture, ben);
  const named = async (): Promise<readonly DeviceId[] | undefined> => {
    const answer = await fixture.ask.private(ann, { accounts: [ben.account] });
    return introductionsIn(fixture.signing, answer.data)[0]?.peer.devices;
  };
  const phone = await fixture.another(ben);
  t.deepEqual((await named())?.toSorted(), [ben.device, phone.device].toSorted());
  const [pushed] = fixture.pushed;
  t.deepEqual(pushed && readIntroduction(fixture.signing, pushed.statement).peer.devices, [ann.device]);
  for (let n = 0; n < limits.devicesPerIntroduction; n++) {
    fixture.clock.advance(1);
    await fixture.another(ben);
  }
  const last = await named();
  t.is(last?.length, limits.devicesPerIntroduction);
  t.false(last?.includes(phone.device));
});

test('private: given the wrong key, then the introduction’s signature is invalid', async (t) => {
  const { fixture, ann, ben } = await scene(t);
  const other = await openTrackerFixture(t);
  connect(fixture, ben);
  const answer = await fixture.ask.private(ann, named('Ben'));
  t.throws(() => introductionsIn(other.signing, answer.data), { message: /the tracker did not sign/ });
});

test('private: given an unknown, offline or own name, then the answer says so, and nothing is pushed', async (t) => {
  const { fixture, ann, ben } = await scene(t);
  const unknown = await fixture.ask.private(ann, named('Zoe'));
  t.like(unknown, { phrase: 'USERNAME_NOT_FOUND', message: 'No account is named Zoe.' });
  const offline = await fixture.ask.private(ann, named('Ben'));
  t.is(offline.phrase, 'USERNAME_OFFLINE');
  t.deepEqual(introducedSchema.parse(offline.data), {
    introductions: [],
    peer: { account: ben.account, username: 'Ben' },
  });
  t.is((await fixture.ask.private(ann, named('ANN'))).phrase, 'INVALID_COMMAND');
  t.deepEqual(fixture.pushed, []);
});

test('private: given a device that was logged out and is still connected, then nobody is introduced to it', async (t) => {
  const { fixture, ann, ben } = await scene(t);
  connect(fixture, ben);
  await fixture.ask.account(ben, { operation: 'LOGOUT' });
  const answer = await fixture.ask.private(ann, named('Ben'));
  t.is(answer.phrase, 'USERNAME_OFFLINE');
  t.deepEqual(fixture.pushed, []);
});

test('private: given the accounts of a room, then those online are introduced once each, and the others are skipped', async (t) => {
  const { fixture, ann, ben } = await scene(t);
  const cat = await fixture.enrolled('Cat');
  const nobody = (await openTrackerFixture(t).then((other) => other.enrolled('Zoe'))).account;
  connect(fixture, ben);
  const accounts = [ben.account, ben.account, cat.account, nobody, ben.account];
  const answer = await fixture.ask.private(ann, { accounts });
  t.is(answer.phrase, 'INTRODUCED');
  t.deepEqual(
    introductionsIn(fixture.signing, answer.data).map(({ peer }) => peer.username),
    ['Ben'],
  );
  t.is(fixture.pushed.length, 1, 'nobody is told several times for one request');
});

test('private: given the caller’s own account, then its other devices are introduced, but not the caller’s', async (t) => {
  const { fixture, ann } = await scene(t);
  const phone = await fixture.another(ann);
  connect(fixture, phone);
  const answer = await fixture.ask.private(ann, { accounts: [ann.account] });
  t.deepEqual(
    introductionsIn(fixture.signing, answer.data).map(({ peer }) => peer.device),
    [phone.device],
  );
});

test('private: given an account with very many devices, then other accounts are still introduced', async (t) => {
  const { fixture, ann, ben } = await scene(t);
  const cat = await fixture.enrolled('Cat');
  for (let n = 0; n < 300; n++) connect(fixture, await fixture.another(ben));
  connect(fixture, cat);
  const answer = await fixture.ask.private(ann, { accounts: [ben.account, cat.account] });
  const introduced = introductionsIn(fixture.signing, answer.data);
  t.is(introduced.length, 2 * limits.accountsPerIntroduction);
  t.true(introduced.some(({ peer }) => peer.device === cat.device));
});

test('people: given new addresses, then they replace the old ones, and survive a restart', async (t) => {
  const { fixture, ann, ben } = await scene(t);
  connect(fixture, ben);
  const announce = (port: number) =>
    fixture.ask.people(ben, { operation: 'ANNOUNCE', addresses: [{ ip: '::1', port }] });
  await announce(1);
  await announce(2);
  const known = async (from: TrackerFixture) => {
    const answer = await from.ask.private(ann, named('Ben'));
    return introductionsIn(from.signing, answer.data).flatMap(({ peer }) =>
      peer.addresses.map(({ port }) => port),
    );
  };
  t.deepEqual(await known(fixture), [2]);
  const next = await openTrackerFixture(t, { file: fixture.file });
  connect(next, ben);
  t.deepEqual(await known(next), [2]);
});

test('people: given malformed operations, then the answer says what is invalid', async (t) => {
  const { fixture, ann } = await scene(t);
  const address = { ip: '192.0.2.7', port: 4_100 };
  const ofPeople = [
    null,
    {},
    { operation: 'KICK' },
    { operation: 'ANNOUNCE' },
    { operation: 'ANNOUNCE', addresses: [{ ...address, ip: 'example.org' }] },
    { operation: 'ANNOUNCE', addresses: [{ ...address, port: 0 }] },
    {
      operation: 'ANNOUNCE',
      addresses: Array.from({ length: limits.addressesPerDevice + 1 }, () => address),
    },
  ];
  for (const data of ofPeople) t.is((await fixture.ask.people(ann, data)).phrase, 'INVALID_COMMAND');
  const ofPrivate = [
    null,
    {},
    { username: 7 },
    { username: 'a b' },
    { accounts: [] },
    { accounts: ['Ann'] },
    { accounts: [newDeviceId()] },
    { accounts: Array(limits.accountsPerIntroduction + 1).fill(ann.account) },
  ];
  for (const data of ofPrivate) t.is((await fixture.ask.private(ann, data)).phrase, 'INVALID_COMMAND');
});

test('private: given a request for an offline account, when that account announces its addresses, then both are introduced once', async (t) => {
  const { fixture, ann, ben } = await scene(t);
  t.is((await fixture.ask.private(ann, named('Ben'))).phrase, 'USERNAME_OFFLINE');
  t.deepEqual(fixture.pushed, []);

  connect(fixture, ben);
  const announcement = { operation: 'ANNOUNCE', addresses: [{ ip: '127.0.0.1', port: 4_000 }] };
  await fixture.ask.people(ben, announcement);
  t.like(pushedTo(fixture, ann), [{ to: ann.device, device: ben.device, addresses: announcement.addresses }]);
  t.like(pushedTo(fixture, ben), [{ to: ben.device, device: ann.device, addresses: [] }]);

  await fixture.ask.people(ben, announcement);
  t.is(fixture.pushed.length, 2);
});

test('private: given a waiting device that is offline or logged out, then nobody is introduced to it', async (t) => {
  const { fixture, ann, ben } = await scene(t);
  const other = await fixture.another(ann);
  await fixture.ask.private(other, named('Ben'));
  connect(fixture, ben);
  await fixture.ask.people(ben, { operation: 'ANNOUNCE', addresses: [] });
  t.deepEqual(fixture.pushed, []);
});

test('private: an account that shares a room with the caller is not put on the waiting list', async (t) => {
  const { fixture, ann, ben } = await scene(t);
  await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'lobby' });
  await fixture.ask.rooms(ben, { operation: 'JOIN', name: 'lobby' });
  await fixture.ask.private(ann, { accounts: [ben.account] });
  connect(fixture, ben);
  await fixture.ask.people(ben, { operation: 'ANNOUNCE', addresses: [] });
  t.deepEqual(fixture.pushed, []);
});

test('people: given the states that devices report, then the list shows them', async (t) => {
  const { fixture, ann, ben } = await scene(t);
  connect(fixture, ben);
  t.is((await fixture.ask.people(ben, { operation: 'STATE', state: 'away' })).phrase, 'STATE_NOTED');
  const states = async () => {
    const { people } = peopleListSchema.parse((await fixture.ask.people(ann, { operation: 'LIST' })).data);
    return people.map(({ username, state }) => [username, state]);
  };
  t.deepEqual(await states(), [
    ['Ann', 'online'],
    ['Ben', 'away'],
  ]);
  t.is((await fixture.ask.people(ben, { operation: 'LEAVE' })).phrase, 'LEAVE_NOTED');
  t.deepEqual(await states(), [['Ann', 'online']]);
  t.is((await fixture.ask.people(ben, { operation: 'STATE', state: 'busy' })).phrase, 'INVALID_COMMAND');
});
