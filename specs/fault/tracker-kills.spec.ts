// The tracker is killed repeatedly under a load of commands. No acknowledged command is lost, and none takes effect
// twice.
import test from 'ava';
import { parseInvite } from '../../core/protocol/invite.js';
import { isSuccess } from '../../core/protocol/status.js';
import { openStage } from '../support/processes/tracker-process.js';
import { gather } from './support/crowd.js';
import { counted, throwDice } from './support/seeded-random.js';
import { auditLedger } from './support/accepted-messages.js';

const KILLS = counted('TRACKER_KILLS', { usual: 4, soak: 1_000 });
const TERMINALS = 20;
const LONGEST_LIFE_MS = 400;
const MINUTE_MS = 60_000;

test(`faults: given a tracker killed ${KILLS} times under load, then no acknowledged command is lost or applied twice`, async (t) => {
  t.timeout(MINUTE_MS + KILLS * 10_000);
  const dice = throwDice();
  t.log(`seed ${dice.seed}`);
  const stage = await openStage(t);
  const parsed = parseInvite(stage.invite);
  if (!('invite' in parsed)) return t.fail(parsed.refusal);
  const crowd = await gather(parsed.invite, TERMINALS, dice);

  const waits: number[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    await new Promise((resolve) => setTimeout(resolve, dice.roll(LONGEST_LIFE_MS)));
    const before = performance.now();
    await stage.crashTracker();
    waits.push(performance.now() - before);
  }
  await crowd.stop();
  await stage.tracker().stop('SIGTERM');
  waits.sort((one, other) => one - other);
  t.log(
    `serving again after ${waits.at(waits.length / 2)?.toFixed(0)} ms, at most ${waits.at(-1)?.toFixed(0)} ms`,
  );

  const events = await auditLedger(t, stage.home);
  const byCommand = new Map<string, Set<string>>();
  for (const { metadata, stream } of events) {
    const streams = byCommand.get(metadata.commandId) ?? new Set();
    byCommand.set(metadata.commandId, streams.add(stream));
  }
  const done = crowd.acknowledged.filter(({ answer }) => isSuccess(answer.status));
  t.true(done.length > KILLS, 'there was a load');
  for (const { id, operation } of done)
    t.is(byCommand.get(id)?.size, 1, `${operation} ${id} is in the log exactly once`);
  for (const { id, operation, answer } of crowd.acknowledged) {
    if (!isSuccess(answer.status))
      t.false(byCommand.has(id), `${operation} ${id} was refused and changed nothing`);
  }
  const answered = crowd.acknowledged.length;
  t.log(`${answered} commands answered, ${done.length} of them done, ${events.length} events`);
});
