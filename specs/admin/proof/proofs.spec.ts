// Checkpoints of a home and proofs of its events, verified with and without the log.
import test, { type ExecutionContext } from 'ava';
import { checkpointOf, checkSince, originOf } from '../../../admin/proof/checkpoint.js';
import { proveEvent, readProof } from '../../../admin/proof/event-proof.js';
import { proofJson, proofText } from '../../../admin/proof/report.js';
import { lastPosition } from '../../../admin/moment.js';
import { createLogIdentity } from '../../../core/events/sql/log-identity.js';
import { OperatorError } from '../../../core/errors.js';
import { readCheckpoint, signCheckpoint } from '../../../core/merkle/checkpoint.js';
import { signingKeyFromSeed } from '../../../core/keys.js';
import { openTrackerFixture } from '../../actors/tracker-fixture.js';
import { seededNumbers } from '../../core/events/tampering.js';
import { homeOf, moderated } from '../histories.js';

/** A home whose log has more than one tile. */
async function scene(t: ExecutionContext) {
  const fixture = await openTrackerFixture(t);
  await moderated(fixture, 7, 60);
  await Promise.all(Array.from({ length: 150 }, (_, count) => fixture.enrolled(`guest-${count}`)));
  const { database, writer, clock } = fixture;
  await createLogIdentity(database.reads, writer, clock)();
  const home = homeOf(t, fixture);
  const size = await lastPosition(home.reader);
  t.true(size > 300, `${size} events`);
  const run = (statement: string) => writer.write((sql) => sql.run(statement));
  return { fixture, home, size, run, key: home.signing.publicKey };
}

const stranger = signingKeyFromSeed(Buffer.alloc(32, 9));

test('checkpoint: it names the whole log, and a longer log begins with it', async (t) => {
  const { fixture, home, size, key } = await scene(t);
  const note = await checkpointOf(home);
  t.like(readCheckpoint(note, key, await originOf(home)), { checkpoint: { size } });
  t.regex(await checkSince(home, note), /begins with the \d+ events of the checkpoint$/);
  await fixture.enrolled('newcomer');
  t.true((await lastPosition(home.reader)) > size);
  t.regex(await checkSince(home, note), /begins with the \d+ events of the checkpoint$/);
  t.regex(await checkSince(home, await checkpointOf(home, 0)), /begins with the 0 events/);
});

test('checkpoint: given a log without a name, then the remedy is shown', async (t) => {
  const fixture = await openTrackerFixture(t);
  const error = await t.throwsAsync(checkpointOf(homeOf(t, fixture)), { instanceOf: OperatorError });
  t.regex(error.remedy, /Start a tracker on this home once/);
});

test('checkpoint: given a log that was rewritten or rolled back since, then the check says so', async (t) => {
  const { home, size, run } = await scene(t);
  const note = await checkpointOf(home);
  const origin = await originOf(home);
  const longer = signCheckpoint({ origin, size: size + 1, root: Buffer.alloc(32) }, home.signing);
  await t.throwsAsync(checkSince(home, longer), { instanceOf: OperatorError, message: /was rolled back/ });
  await run(`UPDATE events SET hash = printf('%064x', 7) WHERE position = ${size}`);
  await t.throwsAsync(checkSince(home, note), { instanceOf: OperatorError, message: /was rewritten/ });
  const foreign = signCheckpoint({ origin, size, root: Buffer.alloc(32) }, stranger);
  await t.throwsAsync(checkSince(home, foreign), { instanceOf: OperatorError, message: /not signed/ });
});

test('proof: each event of a log is proven by a file, without the log', async (t) => {
  const { home, size, key } = await scene(t);
  for (const position of new Set([1, 2, 255, 256, 257, Math.floor(size / 2), size - 1, size])) {
    const proof = await proveEvent(home, position, false);
    const proven = readProof(proof, key);
    if ('problem' in proven) return t.fail(`${position}: ${proven.problem}`);
    t.is(proven.event.position, position);
    t.is(proven.event.personal, null);
    t.is(proven.checkpoint.size, size);
    t.true(proof.length < 4_000, `${proof.length} bytes`);
  }
});

test('proof: names and texts are in it only when asked for', async (t) => {
  const { home, key } = await scene(t);
  const closed = readProof(await proveEvent(home, 1, false), key);
  const open = readProof(await proveEvent(home, 1, true), key);
  if ('problem' in closed || 'problem' in open) return t.fail();
  t.is(closed.event.hash, open.event.hash);
  t.regex(proofText(closed).join('\n'), /personal {4}left out or redacted/);
  t.regex(proofText(open).join('\n'), /personal {4}\{"username":"person-0"/);
  t.like(JSON.parse(proofJson(open)), {
    format: 'proof/1',
    event: { position: 1, type: 'AccountRegistered' },
  });
});

test('proof: given any change of the file, or the key of another tracker, then it is not valid', async (t) => {
  const { home, key, size } = await scene(t);
  const proof = await proveEvent(home, 270, true);
  t.deepEqual(readProof(proof, stranger.publicKey), {
    problem: 'the checkpoint is not signed by the key of this tracker',
  });
  const pick = seededNumbers(5);
  for (let count = 0; count < 500; count += 1) {
    const at = pick(proof.length);
    const letter = 'ABab01+/ \n='.charAt(pick(11));
    if (proof.charAt(at) === letter) continue;
    const changed = `${proof.slice(0, at)}${letter}${proof.slice(at + 1)}`;
    const read = readProof(changed, key);
    // A change may have no effect, because the last bits of a base64 text can be unused.
    if ('problem' in read) continue;
    const same = readProof(proof, key);
    t.deepEqual(read, same, `a change at ${at} of ${proof.length}, ${size} events`);
  }
  for (const text of [
    '',
    'c2sp.org/tlog-proof@v1\n',
    proof.slice(0, -80),
    `x${proof}`,
    'x'.repeat(5_000_000),
  ]) {
    t.true('problem' in readProof(text, key));
  }
});

test('proof: given a position that the log does not have, then the error says so', async (t) => {
  const { home, size } = await scene(t);
  await t.throwsAsync(proveEvent(home, size + 1, false), {
    instanceOf: OperatorError,
    message: `the log has no event at position ${size + 1}`,
  });
});
