import test from 'ava';
import { readStats, statsText } from '../../admin/stats.js';
import { openOffice } from '../actors/tracker-fixture.js';
import { START } from '../core/events/samples.js';
import { homeOf } from './histories.js';

test('stats: they count what happened', async (t) => {
  const office = await openOffice(t);
  const ann = await office.enrolled('Ann');
  const ben = await office.enrolled('Ben');
  await office.another(ben);
  office.clock.advance(1_000);
  await office.ask.rooms(ann, { operation: 'CREATE', name: 'lobby' });
  await office.ask.rooms(ben, { operation: 'JOIN', name: 'lobby' });
  await office.ask.rooms(ann, { operation: 'CREATE', name: 'attic' });
  await office.ask.rooms(ann, { operation: 'QUIT', name: 'attic' });
  const stats = await readStats(homeOf(t, office));
  const { signature: _, ...head } = await office.store.head();
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

test('stats: an empty log has no oldest event and needs no signature', async (t) => {
  const office = await openOffice(t);
  t.like(await readStats(homeOf(t, office)), {
    events: 0,
    oldest: null,
    newest: null,
    head: { isSigned: true },
  });
});

test('stats: a head that the tracker did not sign is said so', async (t) => {
  const office = await openOffice(t);
  await office.enrolled('Ann');
  await office.writer.write((sql) => sql.run("UPDATE events SET hash = 'forged' WHERE position = 2"));
  const stats = await readStats(homeOf(t, office));
  t.false(stats.head.isSigned);
  t.regex(statsText(stats).join('\n'), /NOT signed/);
});
