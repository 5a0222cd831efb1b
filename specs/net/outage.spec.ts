// A machine whose network is down for some time: a tracker and two terminals on it.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startTracker } from '../../bin/demo/demo.js';
import { JsonTerminal } from '../../bin/demo/json-terminal.js';
import { PASSWORD } from '../support/device.js';
import { temporaryFolder } from '../support/folder.js';
import { until } from '../support/until.js';
import { isWhole, netTest } from './asked.js';
import { ip, openSpaces, within } from './spaces.js';

const test = netTest('the outage of a network');
const OUTAGES = isWhole ? 20 : 1;
/**
 * Each is long enough that the connection is noticed as dead (9 s at most) and attempts to connect end without success (5 s
 * each).
 */
const OUTAGES_MS = [20_000, 25_000, 30_000, 35_000];
/**
 * The time to wait for a second interruption, which must not come. A live connection that is wrongly given up would be lost
 * within it.
 */
const QUIET_MS = 20_000;

const count = ({ seen }: JsonTerminal, fields: Readonly<Record<string, unknown>>): number =>
  seen.filter((event) => Object.entries(fields).every(([name, value]) => event[name] === value)).length;

test(`outage: given a tracker and two terminals, when the network is down ${OUTAGES} times, then each terminal is online again once after each, and messages pass`, async (t) => {
  t.timeout(OUTAGES * 120_000 + 120_000);
  const net = openSpaces(t);
  const machine = net.add('m');
  const folder = await temporaryFolder(t);
  const by = within(machine);
  const { tracker, invite } = await startTracker(join(folder, 'tracker'), {}, by);
  t.teardown(() => tracker.stop('SIGTERM'));
  const settle = async (profile: string): Promise<JsonTerminal> => {
    const terminal = new JsonTerminal({ profile, home: join(folder, 'terminals'), invite, by });
    t.teardown(() => terminal.kill());
    await terminal.type(`/register ${profile} ${PASSWORD}`);
    return terminal;
  };
  const [alice, bob] = await Promise.all([settle('alice'), settle('bob')]);
  await alice.type('/msg bob hello');
  await bob.expect({ event: 'message', text: 'hello' }, 'the first message');
  for (let outage = 1; outage <= OUTAGES; outage += 1) {
    ip('-n', machine, 'link', 'set', 'lo', 'down');
    await delay(OUTAGES_MS[(outage - 1) % OUTAGES_MS.length]);
    ip('-n', machine, 'link', 'set', 'lo', 'up');
    const up = Date.now();
    for (const terminal of [alice, bob])
      await until(() => count(terminal, { event: 'back' }) >= outage, 'its return', 60_000);
    t.log(`outage ${outage}: back ${Date.now() - up} ms after the network`);
    const text = `after outage ${outage}`;
    await alice.type(`/msg bob ${text}`);
    await bob.expect({ event: 'message', text }, text);
    await delay(QUIET_MS);
    for (const terminal of [alice, bob]) {
      t.is(count(terminal, { event: 'back' }), outage, JSON.stringify(terminal.seen.slice(-20)));
      t.is(count(terminal, { event: 'session', state: 'reconnecting' }), outage);
    }
  }
});
