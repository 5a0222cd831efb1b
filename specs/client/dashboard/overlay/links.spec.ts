import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { enteredDashboard, KEYS } from '../../../support/terminals/dashboard.js';
import { openStage } from '../../../support/processes/tracker-process.js';
import { until } from '../../../support/until.js';

test('dashboard: a click and a key open links', async (t) => {
  const stage = await openStage(t);
  const browser = join(stage.folder, 'browser');
  const opened = join(stage.folder, 'opened');
  await writeFile(opened, '');
  await writeFile(browser, `#!/bin/sh\necho "$1" >> ${opened}\n`);
  await chmod(browser, 0o755);
  const alice = await enteredDashboard(t, stage, 'alice', { rooms: ['lobby'], env: { BROWSER: browser } });
  alice.type(`see [the page](https://a.example/x?y=1) and https://b.example/${KEYS.enter}`);
  await alice.shows('the page <a.example>');
  const lines = async () => (await readFile(opened, 'utf8')).trim();
  const { x, y } = alice.at('the page');
  alice.click(x + 2, y);
  await until(async () => (await lines()) === 'https://a.example/x?y=1', 'the click opens it');
  alice.type('\u000f');
  await alice.shows('▸ https://b.example/');
  alice.type(KEYS.enter);
  await until(async () => (await lines()).endsWith('\nhttps://b.example/'), 'Enter opens the newest');
  await alice.until(() => !alice.text.includes('Open a link'), 'the menu is closed');
  t.is(await lines(), 'https://a.example/x?y=1\nhttps://b.example/');
});
