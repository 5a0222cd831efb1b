import test from 'ava';
import { createEnrolments } from '../../../../client/chat/trust/enrolments.js';
import { createKnownDevices } from '../../../../client/chat/trust/known-devices.js';
import { createPins } from '../../../../client/chat/trust/pins.js';
import type { KnownStateChange, KnownDevice } from '../../../../client/history/port.js';
import { accountIdSchema, type DeviceId, systemIds } from '../../../../core/ids.js';
import { generateSigningKey } from '../../../../core/keys.js';
import { enrolmentOf } from '../support/enrolment.js';
import { newDevice } from '../support/world.js';

const key = generateSigningKey();
const person = { account: accountIdSchema.parse(systemIds.next()), username: 'bob' };
const other = { account: accountIdSchema.parse(systemIds.next()), username: 'mallory' };
const introducedBy = key.publicKey.toString('hex');

function knowing(kept: readonly KnownDevice[] = []) {
  const written: KnownStateChange[] = [];
  const history = { saveKnownState: async (change: KnownStateChange) => void written.push(change) };
  const devices = createKnownDevices(history, kept);
  const last = () => written.at(-1)?.devices ?? [];
  return { devices, pins: createPins(devices), last, written };
}

const enrolling = (devices: ReturnType<typeof knowing>['devices']) =>
  createEnrolments({ devices, trackerKey: key.publicKey });

const pinned = (device: DeviceId): KnownDevice => ({
  device,
  account: person.account,
  isIntroduced: true,
  wasNamedAtFirst: true,
  introducedAt: 7,
  introducedBy,
  verifiedAt: null,
  enrolment: null,
});

test('known devices: given a device known only by its enrolment, then its owner is known and it is not pinned, also after a restart', async (t) => {
  const first = knowing();
  const device = newDevice();
  const enrolment = enrolmentOf(key, { ...person, device });
  await enrolling(first.devices).shown(enrolment);
  const again = knowing(first.last());
  for (const { devices, pins } of [first, again]) {
    t.is(enrolling(devices).ownerOf(device), person.account);
    t.is(pins.get(device), undefined);
    t.deepEqual(pins.of(person.account), []);
  }
  const { account } = person;
  t.is(await again.pins.pin({ device, account, introducedAt: 7, introducedBy }, []), 'first');
  t.deepEqual(again.last(), [{ ...pinned(device), enrolment }]);
});

test('known devices: given a verified pin, when its enrolment is shown, then both are stored, and a contradicting enrolment is ignored', async (t) => {
  const { devices, pins, last, written } = knowing();
  const enrolments = enrolling(devices);
  const device = newDevice();
  const { account } = person;
  await pins.pin({ device, account, introducedAt: 7, introducedBy }, []);
  await pins.verified(pins.of(account), 9);
  const enrolment = enrolmentOf(key, { ...person, device });
  await enrolments.shown(enrolmentOf(key, { ...other, device }));
  await enrolments.shown(enrolmentOf(generateSigningKey(), { ...person, device }));
  t.is(enrolments.statementOf(device), null);
  await enrolments.shown(enrolment);
  t.deepEqual(last(), [{ ...pinned(device), verifiedAt: 9, enrolment }]);
  t.true(pins.isVerified(account));
  t.is(written.length, 3);
});

const introduced = (device: DeviceId, account = person.account) => ({
  device,
  account,
  introducedAt: 7,
  introducedBy,
});

test('pins: given devices named at the first introduction, when they appear, then they are not new, also after a restart', async (t) => {
  const first = knowing();
  const [laptop, phone, tablet] = [newDevice(), newDevice(), newDevice()];
  t.is(await first.pins.pin(introduced(laptop), [phone, laptop]), 'first');
  t.deepEqual(
    first.pins.of(person.account).map(({ device }) => device),
    [laptop],
  );
  t.is(first.written.length, 1, 'both devices are stored in one commit');
  const again = knowing(first.last());
  t.is(again.devices.get(phone)?.account, person.account);
  t.is(await again.pins.pin(introduced(phone), [tablet, phone, laptop]), 'first');
  t.is(await again.pins.pin(introduced(tablet), [tablet, phone, laptop]), 'another');
  t.is(await again.pins.pin(introduced(phone), []), 'known');
});

test('pins: given a verified user, when a device named at the first introduction appears, then it counts as another device', async (t) => {
  const { pins } = knowing();
  const [laptop, phone] = [newDevice(), newDevice()];
  await pins.pin(introduced(laptop), [laptop, phone]);
  await pins.verified(pins.of(person.account), 9);
  t.is(await pins.pin(introduced(phone), [laptop, phone]), 'another');
  t.false(pins.isVerified(person.account));
});

test('pins: given a first introduction that names a device of another account, then the device keeps its owner', async (t) => {
  const { devices, pins } = knowing();
  const [hers, his] = [newDevice(), newDevice()];
  await pins.pin(introduced(his), [his]);
  await pins.pin(introduced(hers, other.account), [hers, his]);
  t.is(devices.get(his)?.account, person.account);
});
