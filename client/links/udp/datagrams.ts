// The datagrams with which two devices set up a stream over UDP: their types and encoding. Independent of the socket.

/**
 * A stream is set up with four datagrams: a `probe` without proof, a `challenge` that contains a proof for the sender's address,
 * a `probe` with this proof, and an `accept`. No answer is longer than the datagram that it answers.
 */
export type Datagram =
  /** Asks for a stream. `stream` is the stream id at the sender, and `token` is a random number chosen by the sender. */
  | { readonly kind: 'probe'; readonly token: string; readonly stream: number; readonly proof: string | null }
  | { readonly kind: 'challenge'; readonly token: string; readonly proof: string }
  | { readonly kind: 'accept'; readonly token: string; readonly stream: number }
  /** The sender no longer wants the stream. */
  | { readonly kind: 'gone'; readonly token: string }
  /** Opens the NAT of its sender. It needs no answer. */
  | { readonly kind: 'punch' };

export type Probe = Extract<Datagram, { kind: 'probe' }>;

export const PROOF_BYTES = 16;
export const TOKEN_BYTES = 8;

// Begins every datagram. Its first byte is not 0xff, because packets of streams begin with 0xff.
const MAGIC = Buffer.from('PLY\x01', 'latin1');
const KINDS = ['probe', 'challenge', 'accept', 'gone', 'punch'] as const;
const HEAD_BYTES = MAGIC.length + 1;
const NO_PROOF = Buffer.alloc(PROOF_BYTES);

const LENGTHS = {
  probe: HEAD_BYTES + TOKEN_BYTES + 4 + PROOF_BYTES,
  challenge: HEAD_BYTES + TOKEN_BYTES + PROOF_BYTES,
  accept: HEAD_BYTES + TOKEN_BYTES + 4,
  gone: HEAD_BYTES + TOKEN_BYTES,
  punch: HEAD_BYTES,
} as const satisfies Record<Datagram['kind'], number>;

/** Tokens and proofs are hexadecimal. */
export function encodeDatagram(datagram: Datagram): Buffer {
  const parts: Buffer[] = [MAGIC, Buffer.of(KINDS.indexOf(datagram.kind))];
  if (datagram.kind !== 'punch') parts.push(Buffer.from(datagram.token, 'hex'));
  if (datagram.kind === 'probe' || datagram.kind === 'accept') {
    const stream = Buffer.alloc(4);
    stream.writeUInt32BE(datagram.stream);
    parts.push(stream);
  }
  if (datagram.kind === 'probe') {
    parts.push(datagram.proof === null ? NO_PROOF : Buffer.from(datagram.proof, 'hex'));
  }
  if (datagram.kind === 'challenge') parts.push(Buffer.from(datagram.proof, 'hex'));
  return Buffer.concat(parts);
}

/** The datagram in these bytes; null if the bytes are not a valid datagram. Never throws. */
export function decodeDatagram(bytes: Buffer): Datagram | null {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  const kind = KINDS[bytes[MAGIC.length] ?? -1];
  if (kind === undefined || bytes.length !== LENGTHS[kind]) return null;
  const token = bytes.toString('hex', HEAD_BYTES, HEAD_BYTES + TOKEN_BYTES);
  const rest = bytes.subarray(HEAD_BYTES + TOKEN_BYTES);
  switch (kind) {
    case 'probe': {
      const proof = rest.subarray(4);
      return {
        kind,
        token,
        stream: rest.readUInt32BE(0),
        proof: proof.equals(NO_PROOF) ? null : proof.toString('hex'),
      };
    }
    case 'challenge':
      return { kind, token, proof: rest.toString('hex') };
    case 'accept':
      return { kind, token, stream: rest.readUInt32BE(0) };
    case 'gone':
      return { kind, token };
    case 'punch':
      return { kind };
  }
}
