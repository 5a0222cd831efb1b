// Commands that look at a log with a quarantined event, its export and import, and its redaction.
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { cloudEventsText, exportLog } from '../../../admin/archive/export.js';
import { importLog } from '../../../admin/archive/import.js';
import { writeNewFile } from '../../../admin/archive/write.js';
import { listRooms } from '../../../admin/administration/lists.js';
import { entryJson, entryText } from '../../../admin/log/entry.js';
import { readHistory } from '../../../admin/log/history.js';
import { createLook } from '../../../admin/look.js';
import { rehearse } from '../../../admin/rehearsal/rehearse.js';
import { createReplay } from '../../../admin/replay/replay.js';
import { replayedText } from '../../../admin/replay/text.js';
import { readTrace } from '../../../admin/trace/trace.js';
import { keepAliveSchedule } from '../../../core/time/clock.js';
import { event } from '../../core/events/samples.js';
import { temporaryFolder } from '../../support/folder.js';
import { allRows, inHome, migrations, storeHome } from '../archive/stored-home.js';
import { found, redactIn, verified } from '../privacy/scene.js';
import { appendUnreadable, nothing, openScene, REASON, unreadable } from './scene.js';

const WHOLE = { after: 0, upTo: Number.POSITIVE_INFINITY };

/** The attic has an unreadable event, which is quarantined, and then another topic. */
async function quarantined(t: ExecutionContext, what: string) {
  const scene = await openScene(t);
  const { fixture, streams, act, ask, ann, home } = scene;
  const position = await appendUnreadable(fixture, streams.room, unreadable[what]?.('room') ?? event(what));
  await act(position);
  await ask.rooms(ann, { operation: 'TOPIC', name: 'attic', topic: 'again' });
  return { ...scene, position, look: createLook(home.reader) };
}

for (const what of Object.keys(unreadable)) {
  test(`quarantine: given a quarantined event ${what}, then log, show, lists, trace, replay and rehearse pass over it and name it`, async (t) => {
    const { look, home, position, streams } = await quarantined(t, what);
    const note = `quarantined by position ${position + 1}: ${REASON}`;
    const query = { span: WHOLE, follow: false, signal: new AbortController().signal };
    const lines: string[] = [];
    for await (const one of readHistory(home.reader, { ...query, schedule: keepAliveSchedule })) {
      lines.push(await entryText(one, look.names));
      if (one.position !== position) continue;
      t.like(JSON.parse(await entryJson(one, look.names)), { position, quarantine: { by: position + 1 } });
    }
    t.deepEqual(
      lines.filter((line) => line.endsWith(note)),
      [lines[position - 1]],
    );

    const { position: end } = await look.pointAt();
    const state = await look.states.room(streams.room, end);
    t.is(state.version, 4);
    t.is(state.snapshot.context.members.length, 2);
    for await (const { state: listed } of listRooms(look, await look.pointAt())) t.is(listed, 'open');

    const replay = createReplay(look, null, WHOLE);
    const replayed: string[] = [];
    for await (const slice of replay.slices()) {
      for (const one of slice) replayed.push(await replayedText(one, look.names));
    }
    t.deepEqual(replay.summary().stopped, []);
    t.is(replayed.filter((line) => line.includes(note)).length, 1);
    t.like(await rehearse(home.reader, end, nothing), { mismatches: 0, eventsSkipped: 0 });

    if (what.includes('JSON')) {
      await t.throwsAsync(readTrace(look, String(position)), { message: /its command cannot be read/ });
      return;
    }
    const { commands } = await readTrace(look, String(position));
    const events = commands.flatMap((command) => command.events);
    t.like(
      events.find((one) => one.position === position),
      { quarantine: { reason: REASON } },
    );
  });

  test(`quarantine: given a quarantined event ${what}, when the log is exported and imported, then all rows are equal`, async (t) => {
    const { fixture, position } = await quarantined(t, what);
    const folder = await temporaryFolder(t);
    const home = await storeHome(fixture, await temporaryFolder(t));
    const file = join(folder, 'log.jsonl');
    await inHome(home, async (opened) => {
      const { text } = await exportLog(opened, { withSecrets: true, onProgress: nothing });
      await writeNewFile(file, text);
      let events = '';
      for await (const chunk of cloudEventsText(opened, nothing)) events += chunk;
      t.like(JSON.parse(events.split('\n')[position - 1] ?? ''), { type: 'partyline.Quarantined' });
    });
    const options = { file, keys: null, isCopy: false, migrations, onProgress: nothing };
    const imported = await importLog({ ...options, home: join(folder, 'home') });
    t.deepEqual(allRows(imported.folder), allRows(home));
    t.is(await verified(imported.folder), 'intact');
  });
}

test('quarantine: given an unreadable event and a reason with the name of an account, when the account is redacted, then both lose the name, and the log stays provable', async (t) => {
  const { fixture, streams, act, ben } = await openScene(t);
  const texts = { schemaVersion: 9, payload: {}, personal: { note: 'Quuxine was here' } };
  const position = await appendUnreadable(fixture, streams.room, event('MemberLeft', texts));
  const broken = await appendUnreadable(fixture, streams.room, {
    ...event('MemberLeft', { personal: { note: 'for quuxine' } }),
    text: '{',
  });
  await fixture.ask.account(ben, { operation: 'RENAME', username: 'Quuxine' });
  await act(position, { reason: 'Quuxine asked for it' });
  await act(broken);
  const home = await storeHome(fixture, await temporaryFolder(t));
  t.true((await found(home, ['quuxine'])).length > 0);
  await redactIn(home, { subject: { kind: 'account', account: ben.account } });
  t.deepEqual(await found(home, ['quuxine']), []);
  t.is(await verified(home), 'intact');
  await t.throwsAsync(redactIn(home, { subject: { kind: 'positions', positions: [broken + 3] } }), {
    message: /is about no account/,
  });
});
