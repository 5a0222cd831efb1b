// The limits of the tracker when the machine's clock is set forward or back.
import test from 'ava';
import { originOf } from '../../../core/origin.js';
import { newDeviceId } from '../../support/identities.js';
import { generous } from '../limits.js';
import { openTrackerFixture } from '../tracker-fixture.js';

const DAY_MS = 86_400_000;
const steps = [
  ['forward', DAY_MS],
  ['back', -DAY_MS],
] as const;

for (const [direction, stepMs] of steps) {
  test(`clock steps: given a clock that is set ${direction} by a day, then the rates of registrations and requests are unaffected`, async (t) => {
    const limits = { ...generous, registrationsPerHour: 2, requestsPerSecond: 1 };
    const { admission, clock } = await openTrackerFixture(t, { limits });
    const [origin, device] = [originOf('192.0.2.1'), newDeviceId()];
    t.is(admission.registrations.take(origin, 1), 0);
    t.is(admission.requests.take(device, 3), 0);
    clock.step(stepMs);
    t.is(admission.registrations.take(origin, 1), 0);
    t.is(admission.registrations.take(origin, 1), 1_800_000);
    t.is(admission.requests.take(device, 1), 0);
    t.is(admission.requests.take(device, 1), 1_000);
  });

  test(`clock steps: given failed logins, when the clock is set ${direction} by a day, then the next login waits for no longer than before`, async (t) => {
    const { admission, clock } = await openTrackerFixture(t);
    const pair = { name: 'ann', origin: originOf('192.0.2.1') };
    const guess = (isRight: boolean) =>
      admission.guessing.guard(pair, async () => ({ account: null, isRight }));
    for (let failure = 0; failure < 6; failure += 1) t.is((await guess(false)).kind, 'tried');
    clock.step(stepMs);
    admission.record.review();
    await admission.record.idle();
    clock.advance(2_000);
    t.is((await guess(true)).kind, 'tried');
  });
}
