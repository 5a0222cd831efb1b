import test from 'ava';
import * as fc from 'fast-check';
import { until } from '../../../support/until.js';
import { inRoom, lobby, textsOf } from '../support/lobby.js';
import { createWorld } from '../support/world.js';

const NAMES = ['alice', 'bob', 'carol', 'dave'] as const;
const who = fc.nat({ max: NAMES.length - 1 });
const step = fc.oneof(
  { arbitrary: fc.record({ kind: fc.constant('cut' as const), one: who, other: who }), weight: 3 },
  { arbitrary: fc.record({ kind: fc.constant('heal' as const), one: who, other: who }), weight: 1 },
  { arbitrary: fc.record({ kind: fc.constant('say' as const), one: who, other: who }), weight: 4 },
);
const story = fc.record({
  steps: fc.array(step, { minLength: 8, maxLength: 24 }),
  /** The index of the terminal that is offline when all links are whole again; null if no terminal is offline. */
  gone: fc.option(who, { freq: 2 }),
});

test('convergence: given any partitions of four terminals, when the links are whole again, then all terminals that are online have the same messages in the same order', async (t) => {
  await fc.assert(
    fc.asyncProperty(story, async ({ steps, gone }) => {
      const world = await createWorld(t);
      const terminals = await inRoom(world, ...NAMES);
      const conversation = await lobby(world);
      const at = (index: number) => terminals[index] ?? t.fail();
      let said = 0;
      for (const { kind, one, other } of steps) {
        const [first, second] = [at(one), at(other)];
        if (first === undefined || second === undefined) return;
        if (kind === 'say') await first.chat.say('#lobby', `${said++}`);
        else if (one !== other) world.net[kind](first.device, second.device);
      }
      const present = terminals.filter((_, index) => index !== gone);
      if (gone !== null) await terminals[gone]?.stop();
      for (const one of terminals) {
        for (const other of terminals) {
          if (one !== other) world.net.heal(one.device, other.device);
        }
      }
      const all = () => Promise.all(present.map((terminal) => textsOf(terminal, conversation)));
      const known = new Set((await all()).flat());
      const converged = await until(
        async () => {
          const [first = [], ...others] = await all();
          const isSame = others.every((texts) => texts.join() === first.join());
          return isSame && first.length >= known.size && first;
        },
        'all terminals have the same messages',
        40_000,
      );
      t.true(
        [...known].every((text) => converged.includes(text)),
        'every message that one of them had is there',
      );
      if (gone === null) t.is(converged.length, said);
      for (const terminal of present) await terminal.stop();
    }),
    { numRuns: Number(process.env['PARTITIONS'] ?? 3), endOnFailure: true },
  );
});
