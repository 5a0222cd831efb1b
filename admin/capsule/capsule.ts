// A capsule: an export with only the events that one room or account needs to behave as it did, in which every id, name, text and
// time is a pseudonym. A home that is made from it behaves in the same way.
import { sealEvent, GENESIS, type Head, hashEvent, headText } from '../../core/events/chain.js';
import type { EventRow, RecordedEvent } from '../../core/events/event.js';
import { whyUnknown } from '../../actors/host.js';
import { OperatorError } from '../../core/errors.js';
import { generateSigningKey } from '../../core/keys.js';
import { createRootBuilder } from '../../core/merkle/root-builder.js';
import { leafHash } from '../../core/merkle/hashing.js';
import { exportText } from '../archive/write.js';
import type { StateRow } from '../archive/format.js';
import type { Look } from '../look.js';
import type { Subject } from '../subject/subject.js';
import { createPseudonyms, type Pseudonyms } from './pseudonyms.js';
import { createRewriter } from './rewrite.js';
import { eventsAt } from './rows.js';
import { type CapsuleSpan, select, type Selection } from './selection.js';

export interface CapsuleParts {
  readonly look: Look;
  readonly subject: Subject;
  readonly span: CapsuleSpan;
  /** Returns this many random bytes. */
  readonly random: (bytes: number) => Uint8Array;
}

export interface Capsule {
  readonly selection: Selection;
  /** The pseudonyms that the file has. Only the operator may see them. */
  readonly pseudonyms: Pseudonyms;
  readonly head: Head;
  /** The file, in chunks of whole lines. */
  readonly text: AsyncIterable<string>;
}

const KEY_BYTES = 32;

/**
 * Makes a capsule. Throws an `OperatorError` if an event is damaged, unknown, or has a field that this version cannot replace.
 */
export async function makeCapsule({ look, subject, span, random }: CapsuleParts): Promise<Capsule> {
  const selection = await select(look, subject, span);
  const key = random(KEY_BYTES);
  const start = () => createPseudonyms({ key, ...selection });
  // The head comes first in the file, so the rows are made twice. The same pseudonyms make the same rows.
  const pseudonyms = start();
  const root = createRootBuilder();
  let head: Head = GENESIS;
  for await (const rows of rowsOf(look, selection, pseudonyms)) {
    for (const { position, hash } of rows) {
      root.add(leafHash(Buffer.from(hash, 'hex')));
      head = { position, hash };
    }
  }
  const signing = generateSigningKey();
  const header = {
    log: null,
    head: { ...head, signature: signing.sign(headText(head)).toString('base64url') },
    root: root.root().toString('hex'),
    key: signing.publicKey.toString('hex'),
    hasSecrets: false,
    quarantined: [],
    keys: null,
  };
  const events = rowsOf(look, selection, start());
  return { selection, pseudonyms, head, text: exportText({ header, state: noRows(), events, signing }) };
}

async function* noRows(): AsyncGenerator<readonly StateRow[]> {}

async function* rowsOf(
  look: Look,
  { positions, places }: Selection,
  pseudonyms: Pseudonyms,
): AsyncGenerator<readonly EventRow[], void> {
  const rewritten = createRewriter(pseudonyms, places);
  let head = GENESIS;

  function rowOf(original: RecordedEvent): EventRow {
    refuseUnknown(original);
    const { stream, event } = rewritten(original);
    const position = head.position + 1;
    const place = {
      stream,
      version: places.version(original.stream, original.version) ?? original.version,
      recordedAt: pseudonyms.time(original.recordedAt),
      newSalt: () => pseudonyms.salt(position),
    };
    const sealed = sealEvent(head, place, event);
    const isRedacted = original.personal === null && original.personalDigest !== null;
    const row = isRedacted ? { ...sealed, personalDigest: pseudonyms.digest(position) } : sealed;
    return { ...row, hash: hashEvent(head.hash, row) };
  }

  for await (const originals of eventsAt(look.sql, positions)) {
    const rows: EventRow[] = [];
    for (const original of originals) {
      const row = rowOf(original);
      head = { position: row.position, hash: row.hash };
      rows.push(row);
    }
    yield rows;
  }
}

function refuseUnknown(event: RecordedEvent): void {
  const reason = whyUnknown(event);
  if (reason === null) return;
  throw new OperatorError(
    `the event at position ${event.position} cannot be in a capsule: ${reason}`,
    `Give --until ${event.position - 1}, or make the capsule with the version of Partyline that wrote the event.`,
  );
}
