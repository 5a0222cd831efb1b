import test from 'ava';
import { createEnrolments } from '../../../client/chat/enrolments.js';
import { createKnownDevices } from '../../../client/chat/known-devices.js';
import { createPins } from '../../../client/chat/pins.js';
import type { FactsChange, KnownDevice } from '../../../client/history/port.js';
import { accountIdSchema, systemIds } from '../../../core/ids.js';
import { generateSigningKey } from '../../../core/keys.js';
import { enrolmentOf } from './support/enrolment.js';
import { newDevice } from './support/world.js';

const key = generateSigningKey();
const person = { account: accountIdSchema.parse(systemIds.next()), username: 'bob' };
const other = { account: accountIdSchema.parse(systemIds.next()), username: 'mallory' };
const introducedBy = key.publicKey.toString('hex');

function knowing(kept: readonly KnownDevice[] = []) {
  const written: FactsChange[] = [];
  const history = { keep: async (change: FactsChange) => void written.push(change) };
  const devices = createKnownDevices(history, kept);
  const last = () => written.at(-1)?.devices ?? [];
  return { devices, pins: createPins(devices), last, written };
}

const enrolling = (devices: ReturnType<typeof knowing>['devices']) =>
  createEnrolments({ devices, trackerKey: key.publicKey });

test('known devices: given one that was only shown, then its owner is known, and it is not pinned, also after a restart', async (t) => {
  const first = knowing();
  const device = newDevice();
  const enrolment = enrolmentOf(key, { person, device });
  await enrolling(first.devices).shown(enrolment);
  const again = knowing(first.last());
  for (const { devices, pins } of [first, again]) {
    t.is(enrolling(devices).ownerOf(device), person.account);
    t.is(pins.get(device), undefined);
    t.deepEqual(pins.of(person.account), []);
  }
  const { account } = person;
  t.is(await again.pins.pin({ device, account, introducedAt: 7, introducedBy }), 'first');
  const pinned = { device, account, isIntroduced: true, introducedAt: 7, introducedBy, verifiedAt: null };
  t.deepEqual(again.last(), [{ ...pinned, enrolment }]);
});

test('known devices: given a pin that is verified, when its enrolment is shown, then both are kept, and a contradiction is not believed', async (t) => {
  const { devices, pins, last, written } = knowing();
  const enrolments = enrolling(devices);
  const device = newDevice();
  const { account } = person;
  await pins.pin({ device, account, introducedAt: 7, introducedBy });
  await pins.verified(pins.of(account), 9);
  const enrolment = enrolmentOf(key, { person, device });
  await enrolments.shown(enrolmentOf(key, { person: other, device }));
  await enrolments.shown(enrolmentOf(generateSigningKey(), { person, device }));
  t.is(enrolments.statementOf(device), null);
  await enrolments.shown(enrolment);
  t.deepEqual(last(), [
    { device, account, isIntroduced: true, introducedAt: 7, introducedBy, verifiedAt: 9, enrolment },
  ]);
  t.true(pins.isVerified(account));
  t.is(written.length, 3);
});
