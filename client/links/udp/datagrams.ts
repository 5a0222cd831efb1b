// The datagrams by which two devices agree on a stream over UDP: their shapes and bytes. They know no socket.

/**
 * A stream begins with four datagrams: a `probe` without proof, a `challenge` that carries the proof for this address, a `probe` with
 * the proof, and an `accept`. No answer is longer than the datagram that it answers.
 */
export type Datagram =
  /** Asks for a stream to the sender's `stream` id. The sender chose `token` at random. */
  | { readonly kind: 'probe'; readonly token: string; readonly stream: number; readonly proof: string | null }
  | { readonly kind: 'challenge'; readonly token: string; readonly proof: string }
  | { readonly kind: 'accept'; readonly token: string; readonly stream: number }
  /** The sender no longer wants the stream. */
  | { readonly kind: 'gone'; readonly token: string }
  /** Opens the sender's NAT; needs no answer. */
  | { readonly kind: 'punch' };

export type Probe = Extract<Datagram, { kind: 'probe' }>;

export const PROOF_BYTES = 16;
export const TOKEN_BYTES = 8;

// The first byte is not 0xff, with which packets of streams begin.
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

/** The datagram in these bytes, or null if they are not one of these. Never throws. */
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
