import test from 'ava';
import type { Caller } from '../../../actors/caller.js';
import type { DeviceId } from '../../../core/ids.js';
import { deviceListSchema } from '../../../core/protocol/operations.js';
import { newDeviceId } from '../../support/identities.js';
import { newCommandId, type TrackerFixture, openTrackerFixture } from '../tracker-fixture.js';

const list = async (fixture: TrackerFixture, caller: Caller) =>
  deviceListSchema.parse((await fixture.ask.account(caller, { operation: 'DEVICES' })).data).devices;
const revoke = (fixture: TrackerFixture, caller: Caller, device: DeviceId, id = newCommandId()) =>
  fixture.ask.account(caller, { operation: 'REVOKE', device }, id);

test('devices: given two devices, then both are listed in order of enrolment with their details', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  await fixture.enrolled('Ben');
  const enrolled = new Date(fixture.clock.now()).toISOString();
  fixture.clock.advance(1_000);
  const phone = await fixture.another(ann);
  fixture.clock.advance(1_000);
  await fixture.ask.people(phone, { operation: 'ANNOUNCE', addresses: [] });
  const seen = new Date(fixture.clock.now()).toISOString();
  fixture.presence.connected({ id: '1', ...ann });
  t.like(await list(fixture, ann), [
    { device: ann.device, name: 'desk', enrolled, seen: null, current: true, online: true },
    { device: phone.device, name: 'phone', seen, current: false, online: false },
  ]);
  t.is((await list(fixture, phone)).find(({ current }) => current)?.device, phone.device);
});

test('devices: given a revoked device, when it renews, then the answer names the device that revoked it', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  const phone = await fixture.another(ann);
  t.is((await revoke(fixture, ann, phone.device)).phrase, 'DEVICE_REVOKED');
  t.is((await list(fixture, ann)).length, 1);
  const answer = await fixture.authentication.renew(phone.device);
  t.is(answer.phrase, 'NOT_ENROLLED');
  const at = new Date(fixture.clock.now()).toISOString();
  t.is(
    answer.message,
    `This terminal was logged out of the account Ann from another terminal of the account ("desk") at ${at}.`,
  );
  t.is((await revoke(fixture, ann, phone.device)).phrase, 'DEVICE_NOT_FOUND');
});

test('devices: given a device that logged out itself, when it renews, then the answer has no details', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  await fixture.ask.account(ann, { operation: 'LOGOUT' });
  t.deepEqual(await fixture.authentication.renew(ann.device), { phrase: 'NOT_ENROLLED' });
});

test('devices: given a device of another account, an unknown device or the caller’s own, then it is not revoked', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  const ben = await fixture.enrolled('Ben');
  t.is((await revoke(fixture, ann, ben.device)).phrase, 'DEVICE_NOT_FOUND');
  t.is((await revoke(fixture, ann, newDeviceId())).phrase, 'DEVICE_NOT_FOUND');
  t.like(await revoke(fixture, ann, ann.device), {
    phrase: 'INVALID_COMMAND',
    message: 'This is the terminal that you are using. Log it out with /logout.',
  });
  t.is(await fixture.directory.ownerOf(ben.device), ben.account);
  t.is(await fixture.directory.ownerOf(ann.device), ann.account);
});

test('devices: given a revocation whose answer was lost, when it is sent again, then it succeeds', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  const phone = await fixture.another(ann);
  const id = newCommandId();
  await revoke(fixture, ann, phone.device, id);
  t.is((await revoke(fixture, ann, phone.device, id)).phrase, 'DEVICE_REVOKED');
});
