import test from 'ava';
import { enteredDashboard, KEYS, openDashboard } from '../../support/terminals/dashboard.js';
import { openStage } from '../../support/processes/tracker-process.js';

test('dashboard: the splash screen is shown before the profile is open, and keys typed until then are kept', async (t) => {
  const stage = await openStage(t);
  const first = await enteredDashboard(t, stage, 'alice');
  first.type(KEYS.quit);
  await first.ended;
  const again = openDashboard(t, stage, 'alice');
  await again.until(() => again.written.includes('opening your profile'), 'the splash screen');
  again.type('early words');
  await again.shows('> early words');
  await again.shows('● online');
  t.false(again.text.includes('opening'));
});

test('dashboard: given a profile that cannot be opened, then the error is printed on the restored terminal', async (t) => {
  const stage = await openStage(t);
  await enteredDashboard(t, stage, 'alice');
  const second = openDashboard(t, stage, 'alice');
  t.is(await second.ended, 1);
  await second.shows('The profile "alice" is in use by another terminal');
  t.deepEqual(second.screen.modes, { isAlternate: false, hasMouse: false, hasPaste: false });
});
