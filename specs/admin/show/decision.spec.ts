// A moment inside of one decision, and what `show` says about it.
import test from 'ava';
import { createLook } from '../../../admin/look.js';
import { decisionLines, unfinishedDecision } from '../../../admin/show/decision.js';
import { showRoom } from '../../../admin/show/room.js';
import { shownText } from '../../../admin/show/text.js';
import { noPaint } from '../../../admin/text/paint.js';
import { openTrackerFixture } from '../../actors/tracker-fixture.js';
import { homeOf } from '../histories.js';

test('show: given a moment between the leave of an admin and the succession, then it says that the decision is not complete', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  const ben = await fixture.enrolled('Ben');
  await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'lobby' });
  await fixture.ask.rooms(ben, { operation: 'JOIN', name: 'lobby' });
  await fixture.ask.rooms(ann, { operation: 'QUIT', name: 'lobby' });
  const look = createLook(homeOf(t, fixture).reader);
  const room = await look.resolver.resolveRoom('lobby', await look.end());
  const left = (await look.end()) - 1;
  const point = await look.pointAt({ kind: 'position', position: left });

  const decision = await unfinishedDecision(look, room.stream, left);
  t.like(decision, {
    part: 1,
    parts: 2,
    end: { position: left + 1 },
    following: [
      {
        position: left + 1,
        type: 'AdminSucceeded',
        payload: { account: ben.account, after: ann.account, because: 'left' },
      },
    ],
  });
  if (decision === null) throw new Error('there is a decision');
  const shown = await showRoom(look, room, point);
  t.deepEqual(shown.admins, []);
  const lines = shownText(shown, left + 1, noPaint, await decisionLines(look, decision));
  t.regex(lines[2] ?? '', /^ +event 1 of 2 of one decision, which ends at position \d+, 2\d{3}-.*, with:$/);
  t.regex(lines[3] ?? '', /^ +\d+ {2}AdminSucceeded {2}account @Ben, after @Ann, because left$/);

  for (const position of [0, left - 1, left + 1]) {
    t.is(await unfinishedDecision(look, room.stream, position), null, String(position));
  }
  t.is(await unfinishedDecision(look, `account-${ann.account}`, left), null, 'of another stream');
});

test('show: given a damaged event after the moment, then the moment is shown as before', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  const { database } = fixture;
  await database.writeConnection.run("UPDATE events SET payload = 'x', metadata = 'y' WHERE position = 2");
  const look = createLook(homeOf(t, fixture).reader);
  t.is(await unfinishedDecision(look, `account-${ann.account}`, 1), null);
});
