// The proof that an event is in the log of a tracker: a file in the format of C2SP tlog-proof. It is verified without the log.
// Its extra data contain the event as it was recorded.
import { z } from 'zod';
import { OperatorError } from '../../core/errors.js';
import { digestPersonal, GENESIS, hashEvent } from '../../core/events/chain.js';
import { createLogTree } from '../../core/events/derived/log-tree.js';
import { type EventRow, parseEventRow } from '../../core/events/event.js';
import { readLogRows } from '../../core/events/verification/log-reader.js';
import { type Checkpoint, readCheckpoint } from '../../core/merkle/checkpoint.js';
import { HASH_BYTES, leafHash } from '../../core/merkle/hashing.js';
import { isIncluded } from '../../core/merkle/proof.js';
import { inclusionPath } from '../../core/merkle/tree.js';
import { parseJson } from '../../core/protocol/signed/signed.js';
import type { AdminHome } from '../home.js';
import { lastPosition } from '../moment.js';
import { checkpointOf } from './checkpoint.js';

const HEADER = 'c2sp.org/tlog-proof@v1';
const PROOF =
  /^c2sp\.org\/tlog-proof@v1\nextra (?<extra>[A-Za-z0-9+/]+=*)\nindex (?<index>0|[1-9]\d{0,14})\n(?<path>(?:[A-Za-z0-9+/]{43}=\n){0,63})\n(?<checkpoint>[^]+)$/;
/** Larger files are refused. An event is limited by the envelope of its command. */
const MAX_CHARACTERS = 4_000_000;

const extraSchema = z.strictObject({
  format: z.literal('event-proof/1'),
  /** The hash of the preceding event. */
  previous: z.string(),
  event: z.record(z.string(), z.unknown()),
});

/** The event of a proof, and the checkpoint of the log that contains this event. */
export interface ProvenEvent {
  readonly event: EventRow;
  readonly checkpoint: Checkpoint;
}

/**
 * The proof of the event at a position. @param hasPersonal whether the event's names and reasons are part of the file. Throws an
 * `OperatorError` if the log has no such event.
 */
export async function proveEvent(home: AdminHome, position: number, hasPersonal: boolean): Promise<string> {
  const size = await lastPosition(home.reader);
  const { event, previous } = await eventAt(home, position);
  const { hash: _, ...recorded } = hasPersonal ? event : { ...event, personal: null, salt: null };
  const extra = JSON.stringify({ format: 'event-proof/1', previous, event: recorded });
  const path = await inclusionPath(createLogTree(home.reader), position - 1, size);
  const lines = [
    HEADER,
    `extra ${Buffer.from(extra).toString('base64')}`,
    `index ${position - 1}`,
    ...path.map((hash) => hash.toString('base64')),
  ];
  return `${lines.join('\n')}\n\n${await checkpointOf(home, size)}`;
}

/**
 * Verifies a proof from an untrusted file. `problem` is a clause that completes "the proof is not valid: …". @param publicKey the
 * tracker's signing key
 */
export function readProof(text: string, publicKey: Uint8Array): ProvenEvent | { readonly problem: string } {
  const parts = text.length > MAX_CHARACTERS ? undefined : PROOF.exec(text)?.groups;
  if (parts === undefined) return { problem: 'the file is not the proof of an event' };
  const { extra = '', index = '', path = '', checkpoint = '' } = parts;
  const read = readCheckpoint(checkpoint, publicKey);
  if ('problem' in read) return read;
  const event = eventIn(Buffer.from(extra, 'base64').toString('utf8'));
  if (event === null) return { problem: 'it holds no event' };
  if (event.position !== Number(index) + 1) return { problem: 'its index is that of another event' };
  const { personal, salt, personalDigest } = event;
  if ((personal === null) !== (salt === null))
    return { problem: 'the personal part of its event is incomplete' };
  if (personal !== null && salt !== null && digestPersonal(salt, personal) !== personalDigest) {
    return { problem: 'the personal part of its event was changed' };
  }
  const hashes = path.split('\n').filter((line) => line !== '');
  const claim = {
    leaf: leafHash(Buffer.from(event.hash, 'hex')),
    index: Number(index),
    path: hashes.map((hash) => Buffer.from(hash, 'base64').subarray(0, HASH_BYTES)),
  };
  return isIncluded({ ...claim, ...read.checkpoint })
    ? { event, checkpoint: read.checkpoint }
    : { problem: 'the log of its checkpoint does not have this event' };
}

/** The event in the extra data, with the hash computed from its content; null if the data contain no event. */
function eventIn(extra: string): EventRow | null {
  const parsed = extraSchema.safeParse(parseJson(extra));
  if (!parsed.success) return null;
  const { previous, event } = parsed.data;
  try {
    const row = parseEventRow({ ...event, hash: previous });
    return { ...row, hash: hashEvent(previous, row) };
  } catch (thrown) {
    if (thrown instanceof z.ZodError) return null;
    throw thrown;
  }
}

async function eventAt({ reader }: AdminHome, position: number) {
  const rows = await readLogRows(reader, { after: position - 2, limit: 2 });
  const events = rows.map((row) => parseEventRow(row)).filter((row) => row.position <= position);
  const event = events.at(-1);
  if (event?.position !== position) {
    throw new OperatorError(
      `the log has no event at position ${position}`,
      'Use `partyline admin log` to find the position of an event.',
    );
  }
  return { event, previous: events.length === 2 ? (events[0]?.hash ?? GENESIS.hash) : GENESIS.hash };
}
