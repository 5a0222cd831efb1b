// A tracker that rewrites its log with all its keys, rolls it back, or shows two versions of it: chain, tree and signatures are made
// again, so that the log alone looks right. Terminals and `admin verify --since` find it. The same terminals accept an honest log.
import test from 'ava';
import { checkSince } from '../../../../admin/proof/checkpoint.js';
import { historyAnswer } from '../../../../actors/witness/history-answer.js';
import { createLogProofs } from '../../../../actors/witness/log-proofs.js';
import { createWitness, type ShownHistory, type Witness } from '../../../../client/chat/witness/witness.js';
import type { HistoryFault } from '../../../../client/history/tracker-state.js';
import { GENESIS, type Head, sealEvent } from '../../../../core/events/chain.js';
import type { EventRow } from '../../../../core/events/event.js';
import { insertInto } from '../../../../core/events/sql/table.js';
import { events } from '../../../../core/events/sql/tables.js';
import { silentLog } from '../../../../core/log.js';
import { syncedSchema } from '../../../../core/protocol/operations.js';
import { signStatement } from '../../../../core/protocol/signed/signed.js';
import { event, key, START } from '../../../core/events/samples.js';
import { counted, throwDice } from '../../../fault/support/seeded-random.js';
import { temporaryFolder } from '../../../support/folder.js';
import { openTrackerDatabase } from '../support/tracker-database.js';

const CASES = counted('TAMPERINGS', { usual: 60, soak: 500 });
const MOST_EVENTS = 40;
const LOG = { v: 1, log: 'a'.repeat(32), since: START } as const;

type Rows = readonly EventRow[];

/** The rows followed by `count` new events. @param what the contents of the new events */
function extended(rows: Rows, count: number, what: string): Rows {
  const all = [...rows];
  let head: Head = all.at(-1) ?? GENESIS;
  for (let index = 0; index < count; index += 1) {
    const at = { stream: 'room-1', version: all.length + 1, recordedAt: START + all.length };
    const row = sealEvent(head, { ...at, newSalt: () => 'salt' }, event(what, { personal: { what } }));
    all.push(row);
    head = row;
  }
  return all;
}

function newWitness(): Witness {
  return createWitness({
    session: { trackerKey: key.publicKey },
    history: { saveKnownState: async () => undefined },
    stored: { checkpoints: [], trackerLog: null },
    keepEvidence: async (name) => name,
    why: { note: () => undefined, hold: () => undefined },
    tell: () => undefined,
    clock: { now: () => START },
    log: silentLog,
  });
}

function shownBy({ shown }: Witness): ShownHistory {
  if (shown === null) throw new Error('the terminal has no checkpoint');
  return shown;
}

test(`tampering: given ${CASES} logs that were rewritten with all keys, rolled back or forked, then terminals and verify --since find each, and accept the honest ones`, async (t) => {
  t.timeout(300_000);
  const dice = throwDice();
  const { seed } = dice;
  const roll = (below: number): number => dice.roll(below);
  t.log(`seed ${seed}`);
  const { reads, connection } = await openTrackerDatabase(t, await temporaryFolder(t));

  /** Makes `rows` the log of the tracker. */
  async function show(rows: Rows) {
    await connection.begin();
    await connection.run('DELETE FROM events');
    for (const row of rows) await connection.run(...insertInto(events, row));
    await connection.commit();
    const proofs = createLogProofs({
      reads,
      store: { head: async () => ({ position: rows.length, hash: rows.at(-1)?.hash ?? '', signature: '' }) },
      logIdentity: async () => ({ identity: LOG.log, since: LOG.since }),
      signing: key,
    });
    /** Whether the terminal takes the answer to a sync. */
    async function sync(witness: Witness): Promise<boolean> {
      const claim = witness.claim();
      const history = await historyAnswer(proofs, await proofs.checkpoint(), claim);
      const log = signStatement(key, 'log', LOG);
      const answer = syncedSchema.parse({ rosters: [], notices: [], more: false, log, ...history });
      return witness.take(claim, LOG, answer);
    }
    return { sync, since: (note: string) => checkSince({ reader: { ...reads }, signing: key }, note) };
  }

  function finds(witness: Witness, kind: HistoryFault['kind'], what: string): void {
    t.is(witness.fault?.kind, kind, what);
  }

  for (let count = 0; count < CASES; count += 1) {
    const length = 2 + roll(MOST_EVENTS);
    const honest = extended([], length, 'Honest');
    // The first tampered position.
    const position = 1 + roll(length);
    const common = honest.slice(0, position - 1);
    const how = dice.pick(['rewritten', 'rolledBack', 'forked', 'honest'] as const);
    const what = `seed ${seed}, case ${count}: ${how} at ${position} of ${length}`;
    const ann = newWitness();
    t.true(await (await show(honest)).sync(ann), what);
    const note = ann.shown?.checkpoint ?? '';

    if (how === 'honest') {
      const later = await show(extended(honest, roll(5), 'Later'));
      const ben = newWitness();
      t.true(await later.sync(ben), what);
      await ann.heard('ben', shownBy(ben));
      t.true(await later.sync(ann), what);
      await ben.heard('ann', shownBy(ann));
      t.true(await later.sync(ben), what);
      await t.notThrowsAsync(later.since(note), what);
    } else if (how === 'rewritten') {
      const other = await show(extended(common, length - common.length + roll(4), 'Forged'));
      t.false(await other.sync(ann), what);
      finds(ann, 'rewritten', what);
      await t.throwsAsync(other.since(note), { message: /rewritten/ }, what);
    } else if (how === 'rolledBack') {
      const older = await show(common);
      t.false(await older.sync(ann), what);
      finds(ann, 'rolledBack', what);
      await t.throwsAsync(older.since(note), { message: /rolled back/ }, what);
    } else {
      const other = extended(common, 1 + roll(length + 3), 'Forged');
      const ben = newWitness();
      t.true(await (await show(other)).sync(ben), what);
      const [toldAnn, toldBen] = [shownBy(ben), shownBy(ann)];
      await ann.heard('ben', toldAnn);
      await ben.heard('ann', toldBen);
      const forAnn = await show(extended(honest, roll(3), 'Later'));
      t.false(await forAnn.sync(ann), what);
      finds(ann, 'forked', what);
      await t.throwsAsync(forAnn.since(toldAnn.checkpoint), { message: /rewritten|rolled back/ }, what);
      t.false(await (await show(extended(other, roll(3), 'Later'))).sync(ben), what);
      finds(ben, 'forked', what);
    }
  }
});
