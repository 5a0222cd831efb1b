import test from 'ava';
import { createWhatIf } from '../../../admin/rehearsal/what-if/what-if.js';
import { seededNumbers } from '../../core/events/tampering.js';
import { historyOf } from './memory-history.js';
import { rulingOf, withoutEvent } from './model.js';
import { randomHistory } from './random-history.js';

const HISTORIES = 200;
const COMMANDS = 80;
const DEFAULT_SEED = 1_000;
const SEED = Number(process.env['SEED'] ?? DEFAULT_SEED);

test(`what-if: given ${HISTORIES} random histories with one event dropped, then each decision is that of the independent model`, async (t) => {
  let differences = 0;
  let extras = 0;
  const reasons = new Set<string>();
  for (let run = 0; run < HISTORIES; run += 1) {
    const seed = SEED + run;
    const events = await randomHistory(seed, COMMANDS);
    const dropped = 1 + seededNumbers(seed)(events.length);
    const whatIf = createWhatIf(historyOf(events), { drops: new Set([dropped]), inserts: [], rules: {} });
    const found: unknown[] = [];
    for await (const { position, source, fate, isDifferent } of whatIf.rulings()) {
      const ruling = rulingOf(fate);
      found.push({ position, isExtra: source !== 'log', ruling });
      if (isDifferent) differences += 1;
      if (source !== 'log') extras += 1;
      if (typeof ruling === 'string') reasons.add(ruling);
    }
    const expected = withoutEvent(events, dropped);
    t.deepEqual(
      found,
      expected.slice(expected.length - found.length),
      `SEED=${seed}, the event at position ${dropped} dropped`,
    );
    const first = expected[expected.length - found.length]?.position ?? 0;
    t.true(first <= dropped, `SEED=${seed}: all commands from the dropped one on are decided`);
  }
  t.true(differences > HISTORIES, `${differences} differences`);
  t.true(extras > 0, `${extras} additional leaves`);
  // Some refusals are rare, so histories of other seeds may lack them.
  if (SEED !== DEFAULT_SEED) return;
  for (const reason of [
    'not sent',
    'NOT_ENROLLED',
    'NOT_A_MEMBER',
    'ROOM_NOT_FOUND',
    'USERNAME_TAKEN',
    'NOT_ADMIN',
  ]) {
    t.true(reasons.has(reason), reason);
  }
});
