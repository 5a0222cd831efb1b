// A machine that gets another address during a conversation.
import { setTimeout as delay } from 'node:timers/promises';
import type { JsonTerminal } from '../../bin/demo/json-terminal.js';
import { until } from '../support/until.js';
import { isWhole, netTest } from './asked.js';
import { openInternet } from './internet.js';

const test = netTest('a changed address');
const EVERY_MS = 100;
const BEFORE = 10;
const AFTER = 20;

/** The texts of all received messages, in order, with duplicates. */
const heard = ({ seen }: JsonTerminal): readonly unknown[] =>
  seen.filter(({ event }) => event === 'message').map(({ text }) => text);

/** Whether this side of the link waits and the other dials. */
const waits = ({ seen }: JsonTerminal): boolean =>
  seen.some(({ event, reason }) => event === 'link' && String(reason).startsWith('Waiting for the other'));

const cases = [
  ['udp', 'waits to be dialled'],
  ['udp', 'dials'],
  ['tcp', 'waits to be dialled'],
  ['tcp', 'dials'],
] as const;

for (const [carrier, role] of isWhole ? cases : cases.slice(0, 1)) {
  test(`moving: given a link over ${carrier}, when the machine of the side that ${role} gets another address, then the chat continues by itself, and nothing is lost`, async (t) => {
    t.timeout(120_000);
    const { alice, bob, move } = await openInternet(t, null, 5);
    await alice.type(`/msg --${carrier} bob`);
    await bob.type(`/msg --${carrier} alice`);
    await alice.expect({ event: 'link', peer: 'bob', link: carrier, state: 'open' }, 'the link');
    const said: string[] = [];
    const say = async (): Promise<void> => {
      const line = `line ${said.length}`;
      said.push(line);
      await Promise.all([alice.type(line), bob.type(line)]);
    };
    const haveHeard = (count: number): boolean => [alice, bob].every((one) => heard(one).length >= count);
    while (said.length < BEFORE) await say();
    await until(() => haveHeard(BEFORE), 'the first messages');

    move(waits(bob) === (role === 'dials') ? 'alice' : 'bob');
    const moved = Date.now();
    const last = said.length + AFTER;
    await until(
      async () => {
        await say();
        await delay(EVERY_MS);
        return haveHeard(BEFORE + 1);
      },
      'messages both ways',
      60_000,
    );
    t.log(`${carrier}, the side that ${role}: messages pass both ways again after ${Date.now() - moved} ms`);
    while (said.length < last) await say();
    await until(() => haveHeard(said.length), 'everything');
    for (const one of [alice, bob]) t.deepEqual(heard(one), said);
  });
}
