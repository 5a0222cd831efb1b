// Homes on the disk with seeded random histories, in which every id, name, text and time can be told apart from any other text.
import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { exportText, writeNewFile } from '../../../admin/archive/write.js';
import { importLog } from '../../../admin/archive/import.js';
import { publicNKey } from '../../../core/bus/credentials/nkey.js';
import { GENESIS, type Head, hashEvent, headText, sealEvent } from '../../../core/events/chain.js';
import { type EventRow, readEvent, type RecordedEvent } from '../../../core/events/event.js';
import { leafHash } from '../../../core/merkle/hashing.js';
import { createRootBuilder } from '../../../core/merkle/root-builder.js';
import { countedSalts, key } from '../../core/events/samples.js';
import { seededNumbers } from '../../core/events/tampering.js';
import { temporaryFolder } from '../../support/folder.js';
import { migrations } from '../archive/stored-home.js';
import { randomHistory } from '../rehearsal/random-history.js';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const nothing = () => undefined;
/** Every name and text of the histories ends with this. */
const MARK = '_Quux';

const digestOf = (text: string): Buffer => hash('sha256', text, 'buffer');
const ulidOf = (text: string): string =>
  [...digestOf(text)]
    .map((byte, index) => CROCKFORD[byte % (index === 0 ? 8 : 32)])
    .join('')
    .slice(0, 26);

/** The ids of the histories are counted. Real ones look random. */
function withRealIds(text: string): string {
  return text
    .replaceAll(/\b[12]0\d{24}\b/g, ulidOf)
    .replaceAll(/U[A-Z]{55}/g, (device) => publicNKey('user', digestOf(device)))
    .replaceAll(/"c-\d+"/g, (id) => `"${ulidOf(id)}"`);
}

const marked = (personal: RecordedEvent['personal']): RecordedEvent['personal'] =>
  personal &&
  Object.fromEntries(
    Object.entries(personal).map(([name, text]) => [
      name,
      typeof text === 'string' && text !== '' ? `${text}${MARK}` : text,
    ]),
  );

/** The rows of a random history of `count` commands. One event in 20 is redacted. */
async function randomRows(seed: number, count: number): Promise<readonly EventRow[]> {
  const pick = seededNumbers(seed);
  const newSalt = countedSalts();
  const rows: EventRow[] = [];
  let head: Head = GENESIS;
  for (const original of await randomHistory(seed, count)) {
    const event = JSON.parse(withRealIds(JSON.stringify(original))) as RecordedEvent;
    const { stream, version, recordedAt } = event;
    const metadata = { ...event.metadata, traceparent: TRACE };
    const sealed = sealEvent(
      head,
      { stream, version, recordedAt, newSalt },
      { ...event, personal: marked(event.personal), metadata },
    );
    const isRedacted = sealed.personal !== null && pick(20) === 0;
    const row = isRedacted ? { ...sealed, personal: null, salt: null } : sealed;
    const chained = { ...row, hash: hashEvent(head.hash, row) };
    head = { position: row.position, hash: chained.hash };
    rows.push(chained);
  }
  return rows;
}

export interface RandomHome {
  readonly folder: string;
  readonly events: readonly RecordedEvent[];
}

/** Imports rows into a new home. */
async function homeOf(t: ExecutionContext, rows: readonly EventRow[]): Promise<RandomHome> {
  const root = createRootBuilder();
  for (const { hash: one } of rows) root.add(leafHash(Buffer.from(one, 'hex')));
  const last = rows.at(-1);
  const head = last === undefined ? GENESIS : { position: last.position, hash: last.hash };
  const header = {
    log: null,
    head: { ...head, signature: key.sign(headText(head)).toString('base64url') },
    root: root.root().toString('hex'),
    key: key.publicKey.toString('hex'),
    hasSecrets: false,
    quarantined: [],
    keys: null,
  };
  const events = (async function* () {
    yield rows;
  })();
  const state = (async function* () {})();
  const file = join(await temporaryFolder(t), 'log.jsonl');
  await writeNewFile(file, exportText({ header, state, events, signing: key }));
  return { folder: await imported(t, file), events: rows.map(readEvent) };
}

/** The home that `admin import` makes of a file. */
export async function imported(t: ExecutionContext, file: string): Promise<string> {
  const home = join(await temporaryFolder(t), 'home');
  return (await importLog({ file, home, keys: null, isCopy: false, migrations, onProgress: nothing })).folder;
}

export const openRandomHome = async (t: ExecutionContext, seed: number, count: number): Promise<RandomHome> =>
  homeOf(t, await randomRows(seed, count));

/** Everything in a log that a stranger may not learn. */
export function secretsOf(events: readonly RecordedEvent[]): ReadonlySet<string> {
  const secrets = new Set<string>([MARK, TRACE, key.publicKey.toString('hex')]);
  for (const { recordedAt, hash: chain, salt, personalDigest, metadata, stream } of events) {
    for (const time of [recordedAt, ...timesIn(metadata.command)]) {
      secrets.add(String(time)).add(new Date(time).toISOString().slice(0, 10));
    }
    for (const text of [chain, salt, personalDigest, metadata.account, metadata.device, stream.slice(-26)]) {
      if (text !== null) secrets.add(text);
    }
    secrets.add(metadata.commandId).add(metadata.correlationId);
    if (metadata.causationId !== null) secrets.add(metadata.causationId);
  }
  return secrets;
}

const timesIn = (command: RecordedEvent['metadata']['command']): readonly number[] =>
  ['at', 'now', 'deadline', 'until'].flatMap((name) => {
    const time = command?.[name];
    return typeof time === 'number' ? [time] : [];
  });
