// The few datagrams by which two devices agree on a stream over UDP: their shapes and bytes. Knows no socket.

/**
 * A stream begins so: `knock` (without proof), `challenge` with a proof that the knocking address is real, `knock` with the
 * proof, `accept`. No answer is longer than what it answers.
 */
export type Datagram =
  /** Somebody who made up `token` wants a stream to its own `stream` id. */
  | { readonly kind: 'knock'; readonly token: string; readonly stream: number; readonly proof: string | null }
  | { readonly kind: 'challenge'; readonly token: string; readonly proof: string }
  | { readonly kind: 'accept'; readonly token: string; readonly stream: number }
  /** Nobody wants the stream any more. */
  | { readonly kind: 'gone'; readonly token: string }
  /** Opens the sender's own NAT; asks for nothing. */
  | { readonly kind: 'punch' };

export type Probe = Extract<Datagram, { kind: 'knock' }>;

/** Bytes of a proof. */
export const PROOF_BYTES = 16;
/** Bytes of a token. */
export const TOKEN_BYTES = 8;

// Never 0xff first: that is how packets of streams begin.
const MAGIC = Buffer.from('PLY\x01', 'latin1');
const KINDS = ['knock', 'challenge', 'accept', 'gone', 'punch'] as const;
const HEAD_BYTES = MAGIC.length + 1;
const NO_PROOF = Buffer.alloc(PROOF_BYTES);

const LENGTHS = {
  knock: HEAD_BYTES + TOKEN_BYTES + 4 + PROOF_BYTES,
  challenge: HEAD_BYTES + TOKEN_BYTES + PROOF_BYTES,
  accept: HEAD_BYTES + TOKEN_BYTES + 4,
  gone: HEAD_BYTES + TOKEN_BYTES,
  punch: HEAD_BYTES,
} as const satisfies Record<Datagram['kind'], number>;

/** Tokens and proofs are hexadecimal. */
export function encodeDatagram(datagram: Datagram): Buffer {
  const parts: Buffer[] = [MAGIC, Buffer.of(KINDS.indexOf(datagram.kind))];
  if (datagram.kind !== 'punch') parts.push(Buffer.from(datagram.token, 'hex'));
  if (datagram.kind === 'knock' || datagram.kind === 'accept') {
    const stream = Buffer.alloc(4);
    stream.writeUInt32BE(datagram.stream);
    parts.push(stream);
  }
  if (datagram.kind === 'knock') {
    parts.push(datagram.proof === null ? NO_PROOF : Buffer.from(datagram.proof, 'hex'));
  }
  if (datagram.kind === 'challenge') parts.push(Buffer.from(datagram.proof, 'hex'));
  return Buffer.concat(parts);
}

/** The datagram in these bytes, or null if it is none of ours. Never throws. */
export function decodeDatagram(bytes: Buffer): Datagram | null {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  const kind = KINDS[bytes[MAGIC.length] ?? -1];
  if (kind === undefined || bytes.length !== LENGTHS[kind]) return null;
  const token = bytes.toString('hex', HEAD_BYTES, HEAD_BYTES + TOKEN_BYTES);
  const rest = bytes.subarray(HEAD_BYTES + TOKEN_BYTES);
  switch (kind) {
    case 'knock': {
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
