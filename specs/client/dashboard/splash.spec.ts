import test from 'ava';
import { enter, enteredDashboard, KEYS, openDashboard } from '../../support/terminals/dashboard.js';
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

test('dashboard: given a light background and a locale without UTF-8, then the theme is light, all text is ASCII, and the reason is shown', async (t) => {
  const stage = await openStage(t);
  const alice = openDashboard(t, stage, 'alice', {
    env: { LANG: 'C', LC_ALL: '' },
    background: 'rgb:ffff/ffff/f0f0',
  });
  await alice.shows('Only ASCII is shown, because the locale C has no UTF-8.');
  await enter(alice, 'alice', '* online');
  alice.type(`/create lobby${KEYS.enter}`);
  await alice.shows('> #lobby');
  await alice.shows('created the room');
  alice.type(`Привет, ❤️ é${KEYS.enter}`);
  await alice.shows(/\| Privet, :heart: e/);
  t.regex(alice.text, /^[\n -~]*$/);
  const title = alice.at('> #lobby');
  t.is(alice.screen.cell(title.x, title.y).bg, '#1f5fa8');
});

test('dashboard: given a profile that cannot be opened, then the error is printed on the restored terminal', async (t) => {
  const stage = await openStage(t);
  await enteredDashboard(t, stage, 'alice');
  const second = openDashboard(t, stage, 'alice');
  t.is(await second.ended, 1);
  await second.shows('The profile "alice" is in use by another terminal');
  t.deepEqual(second.screen.modes, { isAlternate: false, hasMouse: false, hasPaste: false });
});
