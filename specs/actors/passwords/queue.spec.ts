import test from 'ava';
import * as fc from 'fast-check';
import { createFairQueue, HasherBusyError } from '../../../actors/passwords/queue.js';
import { handClock } from '../../core/events/samples.js';

/** A queue over workers that finish when the spec says so. */
function scene({ workers = 2, maxQueue = 1_000, patienceMs = 10_000 } = {}) {
  const clock = handClock();
  const queue = createFairQueue({ workers, maxQueue, patienceMs, clock });
  const started: string[] = [];
  const finish: (() => void)[] = [];
  const refused: { readonly name: string; readonly error: unknown }[] = [];

  const add = (origin: string, name: string): void => {
    const work = () => {
      started.push(name);
      return new Promise<void>((resolve) => finish.push(resolve));
    };
    queue.run(origin, work).catch((error: unknown) => refused.push({ name, error }));
  };
  /** Finishes the running work, and lets the next work begin. */
  const turn = async (durationMs = 0): Promise<void> => {
    clock.advance(durationMs);
    for (const done of finish.splice(0)) done();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, queue, started, refused, add, turn };
}

const retryOf = (error: unknown): number => (error instanceof HasherBusyError ? error.retryAfterMs : -1);

test('queue: given a hundred jobs of one origin, when another origin adds one, then that runs next', async (t) => {
  const { started, add, turn } = scene();
  for (let number = 0; number < 100; number++) add('many', `many-${number}`);
  add('one', 'one');
  t.deepEqual(started, ['many-0', 'many-1'], 'no more than there are workers');
  await turn();
  t.deepEqual(started.slice(2), ['many-2', 'one']);
});

test('queue: given several origins, then they alternate, and the jobs of each run in order', async (t) => {
  const { started, add, turn } = scene({ workers: 1 });
  for (const name of ['a1', 'a2', 'a3', 'b1', 'b2', 'c1']) add(name.slice(0, 1), name);
  for (let left = 0; left < 6; left++) await turn();
  t.deepEqual(started, ['a1', 'a2', 'b1', 'c1', 'a3', 'b2']);
});

test('queue: given an origin at its limit, then its next job is refused with a retry time, and other origins are accepted', async (t) => {
  const { started, refused, add, turn } = scene({ workers: 1, maxQueue: 8 });
  for (let number = 0; number < 6; number++) add('many', `many-${number}`);
  add('one', 'one');
  await turn(400);
  t.deepEqual(
    refused.map(({ name }) => name),
    ['many-5'],
  );
  t.true(retryOf(refused[0]?.error) >= 1_000, 'five at a quarter of a second');
  t.deepEqual(started, ['many-0', 'many-1']);
});

test('queue: given a full queue, when an origin with fewer jobs adds one, then the newest job of the origin with most jobs is refused', async (t) => {
  const { refused, add, turn } = scene({ workers: 1, maxQueue: 4 });
  for (const name of ['a0', 'a1', 'a2', 'b1', 'b2', 'c1', 'a3', 'd1', 'e1']) add(name.slice(0, 1), name);
  await turn();
  t.deepEqual(
    refused.map(({ name }) => name).sort(),
    ['a2', 'a3', 'b2', 'e1'],
    'each of the four has one place; the fifth is refused',
  );
});

test('queue: given a job that waited too long, then it is refused and makes room at once', async (t) => {
  const { started, refused, add, turn, clock } = scene({ workers: 1, maxQueue: 2 });
  add('a', 'a0');
  add('a', 'late');
  clock.advance(10_001);
  add('b', 'fresh');
  add('a', 'again');
  await turn();
  await turn();
  t.deepEqual(started, ['a0', 'fresh', 'again']);
  t.deepEqual(
    refused.map(({ name }) => name),
    ['late'],
  );
});

test('queue: given work that takes longer than usual, then the time to retry grows', async (t) => {
  const { refused, add, turn } = scene({ workers: 1, maxQueue: 2 });
  const refusal = async (durationMs: number): Promise<number> => {
    for (const name of ['1', '2', '3']) add('a', name);
    for (let left = 0; left < 4; left++) await turn(durationMs);
    return retryOf(refused.at(-1)?.error);
  };
  const first = await refusal(2_000);
  const second = await refusal(2_000);
  t.true(second > first, `${second} after ${first}`);
});

test('queue: given a job that fails, then its caller gets the error, and the next one runs', async (t) => {
  const { queue } = scene({ workers: 1 });
  const failing = queue.run('a', () => Promise.reject(new RangeError('broken')));
  const next = queue.run('a', async () => 'done');
  await t.throwsAsync(failing, { instanceOf: RangeError });
  t.is(await next, 'done');
});

test('queue: given any jobs of any origins, then each accepted job runs once, and waits for at most one round of the others', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 40 }), async (origins) => {
      const { started, refused, add, turn } = scene({ workers: 1 });
      const jobs = origins.map((origin, number) => `${origin}/${number}`);
      for (const job of jobs) add(job.slice(0, 1), job);
      for (let left = 0; left <= jobs.length; left++) await turn();
      t.deepEqual([...started].sort(), [...jobs].sort());
      t.deepEqual(refused, []);
      // The nth job of an origin runs after at most n jobs of every other origin, plus the job that started at once.
      for (const [place, job] of started.entries()) {
        const own = started.slice(0, place).filter((other) => other[0] === job[0]).length;
        for (const other of new Set(origins)) {
          const before = started.slice(0, place).filter((one) => one[0] === String(other)).length;
          t.true(before <= own + 2, started.join(' '));
        }
      }
    }),
    { numRuns: 40 },
  );
});
