import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { spawnTied } from '../../../bin/children/tied.js';
import Libsql from 'libsql';
import { openDatabase } from '../../../client/history/database/database.js';
import { openHistory } from '../../../client/history/history.js';
import type { UnnumberedMessage, History, KnownDevice, Room } from '../../../client/history/port.js';
import { systemClock, systemSchedule } from '../../../core/time/clock.js';
import { OperatorError } from '../../../core/errors.js';
import { type AccountId, accountIdSchema, deviceIdSchema, systemIds } from '../../../core/ids.js';
import { hlcSchema } from '../../../core/protocol/message/hlc.js';
import {
  conversationIdSchema,
  messageId,
  privateConversation,
} from '../../../core/protocol/message/message.js';

const newAccount = (): AccountId => accountIdSchema.parse(systemIds.next());
const [alice, bob, carol] = [newAccount(), newAccount(), newAccount()];
const device = deviceIdSchema.parse(`U${'A'.repeat(55)}`);
const otherDevice = deviceIdSchema.parse(`U${'B'.repeat(55)}`);
const conversation = privateConversation(alice, bob);

const enrolment = { body: '{}', signature: 'A'.repeat(86) };

const draft = (fields: Partial<UnnumberedMessage> = {}): UnnumberedMessage => ({
  conversation,
  account: alice,
  device,
  hlc: hlcSchema.parse('0123456789ab0000'),
  roster: 0,
  text: 'hi',
  spans: [],
  ...fields,
});

function fileFor(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'partyline-history-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'history.db');
}

async function open(t: ExecutionContext, file = fileFor(t)): Promise<History> {
  const history = await openHistory({ file, clock: systemClock, schedule: systemSchedule });
  t.teardown(() => history.close());
  return history;
}

test('history: given messages that are accepted together, then each has the next number of its conversation and device', async (t) => {
  const history = await open(t);
  const elsewhere = privateConversation(alice, carol);
  const accepted = await Promise.all([
    history.accept(draft(), [bob]),
    history.accept(draft(), [bob]),
    history.accept(draft({ conversation: elsewhere }), [carol]),
    history.accept(draft({ device: otherDevice }), [bob]),
    history.accept(draft(), [bob]),
  ]);
  t.deepEqual(
    accepted.map(({ message }) => message.seq),
    [1, 2, 1, 1, 3],
  );
  t.is(new Set(accepted.map(({ id }) => id)).size, 5);
  for (const { id, message } of accepted) t.is(id, messageId(message));
  t.is(await history.pendingTotal(device), 4);
  const counts = await history.pendingCounts(device);
  t.deepEqual(
    [bob, carol, alice].map((account) => counts.get(account)),
    [3, 1, undefined],
  );
});

test('history: given queued messages, then `pending` returns the oldest ones up to the limit until they have a verdict', async (t) => {
  const history = await open(t);
  const texts = ['one', 'two', 'three'];
  for (const text of texts) await history.accept(draft({ text }), [bob, carol]);
  const pending = await history.pending(device, bob, 10);
  t.deepEqual(
    pending.map(({ message }) => message.text),
    texts,
  );
  t.is((await history.pending(device, bob, 2)).length, 2);
  t.deepEqual(await history.pending(otherDevice, bob, 2), []);
  const [first] = pending;
  const position = first?.position ?? 0;
  t.deepEqual(await history.recordVerdict(position, bob, 'delivered'), { acked: 1, of: 2, refused: 0 });
  t.is(await history.recordVerdict(position, bob, 'delivered'), null);
  t.is(await history.recordVerdict(999, bob, 'delivered'), null);
  t.deepEqual(await history.recordVerdict(position, carol, 'refused'), { acked: 1, of: 2, refused: 1 });
  t.is(await history.pendingTotal(device), 2);
  t.deepEqual(await history.progress(position), { acked: 1, of: 2, refused: 1 });
  t.is(await history.progress(999), null);
});

test('history: given a message without recipients, then it is complete', async (t) => {
  const history = await open(t);
  const { position } = await history.accept(draft(), []);
  t.deepEqual(await history.progress(position), { acked: 0, of: 0, refused: 0 });
  t.is(await history.pendingTotal(device), 0);
});

test('history: given messages that wait in two conversations, when one is given up, then its messages count as refused and are not queued', async (t) => {
  const history = await open(t);
  const { position } = await history.accept(draft(), [bob, carol]);
  await history.recordVerdict(position, bob, 'delivered');
  await history.accept(draft(), [bob, carol]);
  await history.accept(draft({ conversation: privateConversation(alice, carol) }), [carol]);
  const changed = await history.giveUp(conversation, alice);
  t.deepEqual(
    changed.map(({ acked, of, refused }) => [acked, of, refused]),
    [
      [1, 2, 1],
      [0, 2, 2],
    ],
  );
  t.is(await history.pendingTotal(device), 1);
  t.deepEqual(await history.giveUp(conversation, alice), []);
});

test('history: given a withdrawn recipient, then no message is queued for them and they no longer count as a recipient', async (t) => {
  const history = await open(t);
  await history.accept(draft(), [bob, carol]);
  await history.accept(draft({ conversation: privateConversation(alice, carol) }), [carol]);
  const changed = await history.withdraw(conversation, carol);
  t.deepEqual(
    changed.map(({ acked, of }) => [acked, of]),
    [[0, 1]],
  );
  t.deepEqual(await history.withdraw(conversation, carol), []);
  t.is((await history.pending(device, carol, 10)).length, 1);
});

test('history: given the same received message twice, then it is stored once', async (t) => {
  const history = await open(t);
  const message = { ...draft({ account: bob, device: otherDevice }), seq: 7 };
  t.is(await history.store(message, 'none'), 'stored');
  t.is(await history.store(message, 'none'), 'known');
  t.is(await history.store({ ...message, text: 'changed' }, 'none'), 'contradicted');
  await history.applyRetention({ maxAgeMs: null, maxMessages: 0 });
  t.is(
    await history.store({ ...message, text: 'changed' }, 'none'),
    'known',
    'a deleted message cannot be compared',
  );
  const twice = await Promise.all([8, 8].map((seq) => history.store({ ...message, seq }, 'none')));
  t.deepEqual(twice.sort(), ['known', 'stored']);
  t.is(await history.latestHlc(), message.hlc);
});

test('history: given text of every kind, then it is read back unchanged', async (t) => {
  const history = await open(t);
  const text = 'a\nb\t"quotes" \\ \u{1f600} العربية';
  const spans = [{ style: 'HYPERLINK' as const, start: 0, end: 1, url: 'https://example.org/?q="\'' }];
  await history.accept(draft({ text, spans }), [bob]);
  const [pending] = await history.pending(device, bob, 1);
  t.is(pending?.message.text, text);
  t.deepEqual(pending?.message.spans, spans);
});

test('history: given a known state that changes, then the last values are there after reopening', async (t) => {
  const file = fileFor(t);
  const first = await openHistory({ file, clock: systemClock, schedule: systemSchedule });
  const room: Room = {
    conversation: conversationIdSchema.parse(`room-${systemIds.next()}`),
    name: 'lobby',
    version: 2,
    topic: 'tea',
    isPrivate: true,
    memberships: [
      { account: alice, joinedVersion: 1, leftVersion: null, isAdmin: true, end: null },
      { account: bob, joinedVersion: 2, leftVersion: null, isAdmin: false, end: null },
    ],
  };
  const known: KnownDevice = {
    device: otherDevice,
    account: bob,
    isIntroduced: true,
    wasNamedAtFirst: true,
    introducedAt: 5,
    introducedBy: 'ab',
    verifiedAt: 9,
    enrolment,
  };
  const fault = { kind: 'rewritten', at: 5, evidence: null } as const;
  const fromLog = (origin: string, at: number) => ({
    origin,
    note: `note of ${at}`,
    log: enrolment,
    fault: null,
    at,
  });
  await first.saveKnownState({
    people: [{ account: bob, username: 'bob', isVouched: false, namedAt: 0 }],
    devices: [known],
    streamPositions: [{ stream: room.conversation, version: 2 }],
    privates: [conversation],
    choices: [{ conversation, choice: 'relay', at: 3 }],
    rooms: [{ room, accounts: [alice, bob] }],
  });
  const later: Room = {
    ...room,
    version: 5,
    memberships: [
      ...room.memberships.slice(0, 1),
      { account: bob, joinedVersion: 2, leftVersion: 3, isAdmin: false, end: 'left' },
      { account: bob, joinedVersion: 5, leftVersion: null, isAdmin: false, end: null },
    ],
  };
  await first.saveKnownState({
    people: [{ account: bob, username: 'Bob', isVouched: true, namedAt: 7 }],
    streamPositions: [{ stream: room.conversation, version: 5 }],
    privates: [conversation],
    choices: [{ conversation, choice: 'udp', at: 9 }],
    rooms: [{ room: later, accounts: [bob] }],
    checkpoints: [fromLog('a', 1), fromLog('b', 3), { ...fromLog('a', 2), fault }],
  });
  await first.close();
  const again = await open(t, file);
  t.deepEqual(await again.knownState(), {
    people: [{ account: bob, username: 'Bob', isVouched: true, namedAt: 7 }],
    devices: [known],
    streamPositions: [{ stream: room.conversation, version: 5 }],
    privates: [conversation],
    choices: [{ conversation, choice: 'udp', at: 9 }],
    rooms: [later],
    trackerLog: null,
    checkpoints: [fromLog('b', 3), { ...fromLog('a', 2), fault }],
  });
});

test('history: given a process that is killed while it accepts messages, then no number is used twice and every printed message is queued', async (t) => {
  const file = fileFor(t);
  const child = fileURLToPath(new URL('crash-child.js', import.meta.url));
  let last = 0;
  for (let round = 0; round < 2; round += 1) {
    const said = await killedAfter(t, child, [file, JSON.stringify({ ...draft(), recipient: bob })], 20);
    const history = await openHistory({ file, clock: systemClock, schedule: systemSchedule });
    const pending = await history.pending(device, bob, 100_000);
    const { message } = await history.accept(draft(), [bob]);
    await history.close();
    const seqs = pending.map((one) => one.message.seq);
    t.deepEqual(
      seqs,
      seqs.map((_, index) => index + 1),
    );
    t.true(said[0] !== undefined && said[0] > last, 'it goes on where it was');
    t.true(seqs.length >= (said.at(-1) ?? 0), 'what it said is there');
    t.is(message.seq, seqs.length + 1);
    last = message.seq;
  }
});

/** Kills a process after it has printed `count` numbers, and returns all numbers it printed. */
function killedAfter(t: ExecutionContext, script: string, args: string[], count: number): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const { process: child, stdout } = spawnTied({
      words: [script, ...args],
      stdin: 'ignore',
      stderr: 'inherit',
    });
    t.teardown(() => child.kill('SIGKILL'));
    let text = '';
    stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.split('\n').length > count) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', () => resolve(text.split('\n').slice(0, -1).map(Number)));
  });
}

test('history: given a new file, then its settings are durable', async (t) => {
  const connection = await openDatabase(fileFor(t));
  t.teardown(() => connection.close());
  t.like(connection.prepare('PRAGMA journal_mode').get(), { journal_mode: 'wal' });
  t.like(connection.prepare('PRAGMA synchronous').get(), { synchronous: 1 });
});

test('history: given a file that is not a database or has a newer version, then the error says so and what to do', async (t) => {
  const file = fileFor(t);
  writeFileSync(file, 'This is no database, and it is long enough to be read as one. '.repeat(100));
  await t.throwsAsync(openHistory({ file, clock: systemClock, schedule: systemSchedule }), {
    instanceOf: OperatorError,
  });
  const newer = fileFor(t);
  await (await openHistory({ file: newer, clock: systemClock, schedule: systemSchedule })).close();
  const raw = new Libsql(newer);
  raw.exec("INSERT INTO migrations (timestamp, name) VALUES (9, 'Later9')");
  raw.close();
  await t.throwsAsync(openHistory({ file: newer, clock: systemClock, schedule: systemSchedule }), {
    instanceOf: OperatorError,
    message: /newer version of Partyline \(it has Later9\)/,
  });
});
