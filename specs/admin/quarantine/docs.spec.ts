// The page about unreadable events: its commands run on a home with such an event, and the output it shows appears.
import { readFile } from 'node:fs/promises';
import test from 'ava';
import { event } from '../../core/events/samples.js';
import { fencesOf } from '../../support/fences.js';
import { temporaryFolder } from '../../support/folder.js';
import { run } from '../../support/processes/tracker-process.js';
import { storeHome } from '../archive/stored-home.js';
import { appendUnreadable, openScene } from './scene.js';

const PAGE = new URL('../../../../docs/how-to/repair-an-unreadable-event.md', import.meta.url);

test('quarantine: every command of the page runs, and every line of its output appears', async (t) => {
  t.timeout(180_000);
  const { fixture, streams } = await openScene(t);
  t.is(await appendUnreadable(fixture, streams.room, event('SomethingNew', { payload: {} })), 9);
  const home = await storeHome(fixture, await temporaryFolder(t));
  let shown = '';
  let commands = 0;
  for (const { info, lines } of fencesOf(await readFile(PAGE, 'utf8'))) {
    for (const line of lines) {
      if (info === 'sh run') {
        const words = line.replace('node bin/partyline.js ', '').match(/'[^']*'|\S+/g) ?? [];
        const done = await run([...words.map((word) => word.replaceAll("'", '')), '--home', home]);
        shown = `${done.lines.join('\n')}\n${done.errors}`;
        commands += 1;
      }
      if (info === 'text output') t.true(shown.includes(line), `${line}\nis not in\n${shown}`);
    }
  }
  t.is(commands, 6);
});
