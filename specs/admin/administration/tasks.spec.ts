import test from 'ava';
import { administeredJson, administeredText } from '../../../admin/administration/report.js';
import {
  aboutMember,
  closeRoom,
  renameAccount,
  revokeDevice,
  type Task,
} from '../../../admin/administration/tasks.js';
import { createNames } from '../../../admin/subject/names.js';
import { verifyHome } from '../../../admin/verify.js';
import { OperatorError } from '../../../core/errors.js';
import { InvariantError } from '../../../core/errors.js';
import { createTrackerHost } from '../../../actors/host.js';
import { isByOperator, operatorMetadata } from '../../../actors/operator.js';
import { systemIds } from '../../../core/ids.js';
import { newDeviceId } from '../../support/identities.js';
import { openScene, recordedIn } from './scene.js';

const WHY = 'sold her keyboard';
const MEMBERS = ['Ann', 'Ben', 'Cat'];

/** Each task with its events and with the people who learn of them. */
const tasks: readonly (readonly [
  name: string,
  task: Task,
  events: readonly string[],
  told: readonly string[],
])[] = [
  [
    'remove, of the last admin',
    aboutMember('RemoveAsOperator', '#lobby', '@ann', WHY),
    ['MemberRemoved Ann', 'AdminSucceeded Ben'],
    MEMBERS,
  ],
  ['ban', aboutMember('BanAsOperator', 'lobby', 'BEN', WHY), ['MemberBanned Ben'], MEMBERS],
  ['promote', aboutMember('PromoteAsOperator', 'lobby', 'cat', WHY), ['AdminPromoted Cat'], MEMBERS],
  [
    'demote, of the last admin',
    aboutMember('DemoteAsOperator', 'lobby', 'ann', WHY),
    ['AdminDemoted Ann', 'AdminSucceeded Ben'],
    MEMBERS,
  ],
  [
    'transfer',
    aboutMember('TransferRoom', 'lobby', 'cat', WHY),
    ['AdminPromoted Cat', 'AdminDemoted Ann'],
    MEMBERS,
  ],
  ['close-room', closeRoom('lobby', WHY), ['RoomClosed Ann'], MEMBERS],
  ['rename', renameAccount('ben', 'Bernard', WHY), ['UsernameChanged Bernard'], ['Bernard']],
];

for (const [name, task, events, told] of tasks) {
  test(`administer: given the task ${name}, when it is tried as a dry run and then carried out, then both give the same events and audience, and only the second records them`, async (t) => {
    const { fixture, home, act } = await openScene(t);
    const { position } = await fixture.store.head();
    const dryRun = await act(task, true);
    t.is((await fixture.store.head()).position, position, 'the dry run recorded nothing');
    const done = await act(task);

    t.deepEqual(recordedIn(done), events);
    t.deepEqual(
      done.people.map(({ username }) => username),
      told,
    );
    const shape = ({ events: all }: typeof done) =>
      all.map(({ position: at, stream, version, type, payload, personal }) => ({
        at,
        stream,
        version,
        type,
        payload: type === 'UsernameChanged' ? null : payload,
        personal,
      }));
    t.deepEqual(shape(dryRun), shape(done));
    t.deepEqual(await fixture.store.readAll({ fromPosition: position + 1, limit: 10 }), done.events);
    for (const { metadata } of done.events) {
      t.true(isByOperator(metadata));
      t.like(metadata, { account: null, device: null, actor: 'operator' });
      t.false(JSON.stringify(metadata).includes(WHY), 'the reason is personal');
    }
    t.like(done.events[0]?.personal, { reason: WHY });
    t.like(await verifyHome(home, () => undefined), { kind: 'intact' });
    t.regex((await administeredText(done, createNames(home.reader))).join('\n'), /Notified: @/);
    t.like(JSON.parse(administeredJson(name, dryRun)), {
      format: 'administration/1',
      dryRun: true,
      changed: true,
    });
  });
}

test('administer: given a closed room, then nobody is a member, its name is free, and a member may use it again', async (t) => {
  const { fixture, act, people } = await openScene(t);
  await act(closeRoom('lobby', WHY));
  t.deepEqual(await fixture.directory.membershipsOf(people.ben.account), []);
  t.is((await fixture.ask.rooms(people.ben, { operation: 'CREATE', name: 'lobby' })).phrase, 'CREATION_S');
  await t.throwsAsync(act(aboutMember('UnbanAsOperator', 'lobby', 'ann', WHY)), {
    message: /@Ann is not banned from #lobby/,
  });
});

test('administer: given a revoked terminal, then it is not enrolled any more, and the table names the reason', async (t) => {
  const { fixture, act, people } = await openScene(t);
  const phone = await fixture.another(people.ben);
  const dryRun = await act(revokeDevice(phone.device, WHY), true);
  t.is(await fixture.directory.ownerOf(phone.device), people.ben.account);
  const done = await act(revokeDevice(phone.device, WHY));
  t.deepEqual(recordedIn(done), ['DeviceRevoked Ben']);
  t.deepEqual(recordedIn(dryRun), recordedIn(done));
  t.is(await fixture.directory.ownerOf(phone.device), null);
  t.like(await fixture.revocations.lastOf(phone.device), { revokedBy: null, reason: WHY });
  const { message = '' } = await fixture.authentication.renew(phone.device);
  t.regex(message, /by the operator of the tracker at .* Reason: sold her keyboard$/);
});

/** Tasks that the machines or the names refuse, with the start of the message. */
const refused: readonly (readonly [Task, RegExp])[] = [
  [aboutMember('RemoveAsOperator', 'lobby', 'dan', WHY), /@Dan is not a member of #lobby/],
  [aboutMember('PromoteAsOperator', 'lobby', 'dan', WHY), /@Dan is not a member of #lobby/],
  [aboutMember('DemoteAsOperator', 'lobby', 'ben', WHY), /@Ben is not an admin of #lobby/],
  [aboutMember('TransferRoom', 'lobby', 'dan', WHY), /@Dan is not a member of #lobby/],
  [aboutMember('UnbanAsOperator', 'lobby', 'ben', WHY), /@Ben is not banned from #lobby/],
  [aboutMember('BanAsOperator', 'lobby', 'zoe', WHY), /no account has or had the name or id zoe/],
  [closeRoom('attic', WHY), /no room has or had the name or id attic/],
  [renameAccount('ben', 'ANN', WHY), /another account has this name/],
  [renameAccount('ben', 'Ben', WHY), /@Ben has this name already/],
  [revokeDevice(newDeviceId(), WHY), /no account has the terminal/],
];

test('administer: given tasks that the machines refuse, when they are tried as a dry run or carried out, then the same error says why and nothing is recorded', async (t) => {
  const { fixture, act } = await openScene(t);
  const { position } = await fixture.store.head();
  for (const [task, message] of refused) {
    for (const isDryRun of [true, false]) {
      await t.throwsAsync(act(task, isDryRun), { instanceOf: OperatorError, message });
    }
  }
  t.is((await fixture.store.head()).position, position);
});

test('administer: given the only member of a room, then a demotion is refused and a removal closes the room', async (t) => {
  const { fixture, act, people } = await openScene(t);
  await fixture.ask.rooms(people.dan, { operation: 'CREATE', name: 'attic' });
  await t.throwsAsync(act(aboutMember('DemoteAsOperator', 'attic', 'dan', WHY)), {
    message: /@Dan is the only member of #attic/,
  });
  const done = await act(aboutMember('RemoveAsOperator', 'attic', 'dan', WHY));
  t.deepEqual(recordedIn(done), ['MemberRemoved Dan', 'RoomClosed Dan']);
  await t.throwsAsync(act(closeRoom('attic', WHY)), { message: /#attic is closed/ });
});

test('administer: given a task that changes nothing, then the report says so', async (t) => {
  const { home, act } = await openScene(t);
  const done = await act(aboutMember('TransferRoom', 'lobby', 'ann', WHY));
  t.deepEqual(await administeredText(done, createNames(home.reader)), [
    '@Ann is already the only admin of #lobby; nothing was changed',
  ]);
});

test('administer: given the host of a tracker, then it rejects every command of the operator', async (t) => {
  const { fixture, people } = await openScene(t);
  const host = createTrackerHost({ store: fixture.store, clock: fixture.clock });
  const { account } = people.ann;
  const metadata = operatorMetadata(systemIds);
  const personal = { reason: WHY };
  const expected = { instanceOf: InvariantError, message: /is a command of the operator/ };
  await t.throwsAsync(
    host.send({
      kind: 'account',
      id: account,
      command: { type: 'DisableAccount', account, personal },
      metadata,
    }),
    expected,
  );
  await t.throwsAsync(
    host.send({ kind: 'room', id: account, command: { type: 'CloseRoom', personal }, metadata }),
    expected,
  );
});
