import test from 'ava';
import { readStats, statsText } from '../../admin/stats.js';
import { openTrackerFixture } from '../actors/tracker-fixture.js';
import { START } from '../core/events/samples.js';
import { homeOf } from './histories.js';

test('stats: accounts, devices, rooms and events are counted', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  const ben = await fixture.enrolled('Ben');
  await fixture.another(ben);
  fixture.clock.advance(1_000);
  await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'lobby' });
  await fixture.ask.rooms(ben, { operation: 'JOIN', name: 'lobby' });
  await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'attic' });
  await fixture.ask.rooms(ann, { operation: 'QUIT', name: 'attic' });
  const stats = await readStats(homeOf(t, fixture));
  const { signature: _, ...head } = await fixture.store.head();
  t.like(stats, {
    events: head.position,
    streams: 4,
    accounts: 2,
    devices: 3,
    rooms: { open: 1, closed: 1 },
    members: 2,
    head: { ...head, isSigned: true },
    oldest: new Date(START).toISOString(),
    newest: new Date(START + 1_000).toISOString(),
  });
  t.like(stats.eventsByType, { AccountRegistered: 2, DeviceEnrolled: 3, RoomCreated: 2, MemberJoined: 1 });
  t.true(stats.bytesOnDisk > 0);
  t.regex(statsText(stats).join('\n'), /rooms +1 open, 1 closed/);
});

test('stats: given an empty log, then there is no oldest event and no signature is needed', async (t) => {
  const fixture = await openTrackerFixture(t);
  t.like(await readStats(homeOf(t, fixture)), {
    events: 0,
    oldest: null,
    newest: null,
    head: { isSigned: true },
  });
});

test('stats: given a head without a valid signature, then the output says that it is not signed', async (t) => {
  const fixture = await openTrackerFixture(t);
  await fixture.enrolled('Ann');
  await fixture.writer.write((sql) => sql.run("UPDATE events SET hash = 'forged' WHERE position = 2"));
  const stats = await readStats(homeOf(t, fixture));
  t.false(stats.head.isSigned);
  t.regex(statsText(stats).join('\n'), /NOT signed/);
});
