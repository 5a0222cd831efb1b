// Signed checkpoints of a log: its size and the root of its Merkle tree, in the format of C2SP tlog-checkpoint, which is a C2SP
// signed-note. Stock tools read it.
import { createHash } from 'node:crypto';
import { isSignedBy, type SigningKey } from '../keys.js';
import { HASH_BYTES, type Hash } from './hashing.js';
import type { TreeHead } from './proof.js';

/** A checkpoint with the name of its log, which is also the name of the key that signs. */
export interface Checkpoint extends TreeHead {
  /** Without white space and `+`. */
  readonly origin: string;
}

export type ReadCheckpoint = { readonly checkpoint: Checkpoint } | { readonly problem: string };

/** The identifier of Ed25519 in a signed note. */
const ED25519 = Buffer.of(1);
const KEY_ID_BYTES = 4;
const SIGNATURE_BYTES = 64;
/** Longer notes are refused without being read. A log may add lines and signatures to its checkpoints. */
const MAX_NOTE_CHARACTERS = 4_096;

const BODY =
  /^(?<origin>[^\s+]{1,200})\n(?<size>0|[1-9]\d{0,15})\n(?<root>[A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*$/;
const SIGNATURE = /^— (?<name>[^\s+]{1,200}) (?<signature>[A-Za-z0-9+/]+=*)$/;

/** The name of a tracker's log in its checkpoints. @param identity see core/events/sql/log-identity.ts */
export const logOrigin = (identity: string): string => `partyline/${identity}`;

/** The text of the checkpoint with the signature of `key`. */
export function signCheckpoint({ origin, size, root }: Checkpoint, key: SigningKey): string {
  const body = `${origin}\n${size}\n${root.toString('base64')}\n`;
  const signature = Buffer.concat([keyIdOf(origin, key.publicKey), key.sign(Buffer.from(body))]);
  return `${body}\n— ${origin} ${signature.toString('base64')}\n`;
}

/**
 * Reads a checkpoint from outside.
 * @param publicKey the key that must have signed it
 * @param origin the log that it must belong to; by default any log of the key
 */
export function readCheckpoint(note: string, publicKey: Uint8Array, origin?: string): ReadCheckpoint {
  if (note.length > MAX_NOTE_CHARACTERS) return { problem: 'the checkpoint is too long' };
  const end = note.lastIndexOf('\n\n');
  const body = note.slice(0, end + 1);
  const parts = BODY.exec(body)?.groups;
  if (end < 0 || parts === undefined) return { problem: 'this is not a checkpoint of a log' };
  const { origin: name = '', size = '', root = '' } = parts;
  if (origin !== undefined && name !== origin)
    return { problem: `the checkpoint is of another log: ${name}` };
  const keyId = keyIdOf(name, publicKey);
  const isSigned = note
    .slice(end + 2)
    .split('\n')
    .map((line) => SIGNATURE.exec(line)?.groups)
    .some((line) => {
      const signature = Buffer.from(line?.['signature'] ?? '', 'base64');
      return (
        line?.['name'] === name &&
        signature.length === KEY_ID_BYTES + SIGNATURE_BYTES &&
        signature.subarray(0, KEY_ID_BYTES).equals(keyId) &&
        isSignedBy(publicKey, Buffer.from(body), signature.subarray(KEY_ID_BYTES))
      );
    });
  if (!isSigned) return { problem: 'the checkpoint is not signed by the key of this tracker' };
  return { checkpoint: { origin: name, size: Number(size), root: hashOf(root) } };
}

/** A verifier key as stock tools take it: name, key id and key. */
export const verifierKey = (origin: string, publicKey: Uint8Array): string =>
  `${origin}+${keyIdOf(origin, publicKey).toString('hex')}+${Buffer.concat([ED25519, publicKey]).toString('base64')}`;

const keyIdOf = (name: string, publicKey: Uint8Array): Buffer =>
  createHash('sha256')
    .update(`${name}\n`)
    .update(ED25519)
    .update(publicKey)
    .digest()
    .subarray(0, KEY_ID_BYTES);

function hashOf(base64: string): Hash {
  const hash = Buffer.from(base64, 'base64');
  return hash.subarray(0, HASH_BYTES);
}
