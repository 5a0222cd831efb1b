// Searches in a history of `BENCH_HISTORY` messages, before and after the words are in the index.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHistory } from '../../client/history/history.js';
import { accountIdSchema, deviceIdSchema, systemIds } from '../../core/ids.js';
import { hlcSchema } from '../../core/protocol/message/hlc.js';
import { conversationIdSchema } from '../../core/protocol/message/message.js';
import { systemClock, systemSchedule } from '../../core/time/clock.js';
import { type Figure, milliseconds, quantile } from '../figures.js';
import { sizeOf } from '../sizes.js';

const MESSAGES = sizeOf('BENCH_HISTORY', 50_000);
const AT_ONCE = 1_000;
const SEARCHES = 11;
/** The greatest number of messages that `/search` shows. */
const FOUND_AT_MOST = 50;
const WORDS_EACH = 12;
/** Words of unequal frequency: the first ones are in most messages. */
const VOCABULARY = Array.from({ length: 20_000 }, (_, index) => `w${index.toString(36)}`);

export async function* benchHistory(): AsyncGenerator<Figure> {
  const folder = await mkdtemp(join(tmpdir(), 'partyline-bench-'));
  const history = await openHistory({
    file: join(folder, 'history.db'),
    clock: systemClock,
    schedule: systemSchedule,
    // Nothing is indexed before the first search.
    idleSchedule: () => () => undefined,
  });
  const rooms = Array.from({ length: 4 }, () => conversationIdSchema.parse(`room-${systemIds.next()}`));
  const [account, device] = [
    accountIdSchema.parse(systemIds.next()),
    deviceIdSchema.parse(`U${'A'.repeat(55)}`),
  ];
  const startMs = Date.now() - MESSAGES;
  for (let from = 0; from < MESSAGES; from += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, MESSAGES - from) }, (_, at) => from + at);
    await Promise.all(
      numbers.map((number) => {
        const conversation = rooms[number % rooms.length] ?? conversationIdSchema.parse(rooms[0]);
        const hlc = hlcSchema.parse(`${(startMs + number).toString(16).padStart(12, '0')}0000`);
        const text = textOf(number);
        return history.store(
          { conversation, account, device, seq: number + 1, hlc, roster: 1, text, spans: [] },
          'none',
        );
      }),
    );
  }
  const timed = async (word: string): Promise<number> => {
    const start = performance.now();
    await history.search([word], rooms, FOUND_AT_MOST);
    return performance.now() - start;
  };
  const size = `${MESSAGES.toLocaleString('en')} messages`;
  const figure = (what: string, ms: number): Figure => ({
    what: `${what}, ${size}`,
    measured: milliseconds(ms),
    limit: '',
    ratio: '',
  });
  yield figure(
    'first search, if the terminal was never idle and has to index all words',
    await timed('once'),
  );
  for (const [word, what] of [
    ['common', 'a word of every message'],
    ['often', 'a word of two messages in five'],
    ['once', 'a word of one message'],
  ] as const) {
    const samples: number[] = [];
    for (let number = 0; number < SEARCHES; number += 1) samples.push(await timed(word));
    yield figure(`search for ${what}, median`, quantile(samples, 0.5));
  }
  await history.close();
  await rm(folder, { recursive: true, force: true });
}

function textOf(number: number): string {
  const words = Array.from({ length: WORDS_EACH }, (_, at) => {
    const share = ((number * WORDS_EACH + at) * 0.618_034) % 1;
    return VOCABULARY[Math.floor(share ** 3 * VOCABULARY.length)];
  });
  return [...words, 'common', ...(number % 5 < 2 ? ['often'] : []), ...(number === 777 ? ['once'] : [])].join(
    ' ',
  );
}
