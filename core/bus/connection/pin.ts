// The pin of a broker: a client trusts a server whose key matches the pin in the invite. The signer and the name of the
// certificate do not matter. A pin stays valid when the certificate is renewed with the same key.
import { createHash, X509Certificate } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import { type PeerCertificate, connect as startTls } from 'node:tls';
import { z } from 'zod';
import { invariant, messageOf } from '../../errors.js';
import type { Schedule } from '../../time/clock.js';
import { withDeadline } from '../../time/wait.js';
import { BusError } from './failure.js';

const CONNECTING = 'connecting to the broker';
const MAX_GREETING_BYTES = 64 * 1024;

const greetingSchema = z.object({
  tls_required: z.boolean().optional(),
  tls_available: z.boolean().optional(),
});

/** The TLS trust of a connection: one certificate, valid only while its key matches the pin. */
export interface PinnedTls {
  /** PEM; read again for each connection. */
  ca: string;
  readonly allowPartialTrustChain: true;
  readonly checkServerIdentity: (host: string, certificate: PeerCertificate) => Error | undefined;
}

/** The servers to fetch a certificate from, and the pin that the certificate's key must match. */
export interface PinnedServers {
  /** `nats://host:port`, in the order to try them. */
  readonly servers: readonly string[];
  readonly pin: string;
  /** Applies to each server. */
  readonly timeoutMs: number;
  readonly schedule: Schedule;
}

/** SHA-256 of the certificate's public key (SPKI, DER), in base64url. */
export function pinOf(certificate: X509Certificate): string {
  const key = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(key).digest('base64url');
}

/**
 * Fetches the certificate from the first of `servers` that answers. Throws a `BusError`: `untrusted` if the key does
 * not match the pin or there is no TLS; `disconnected` or `timeout` if no server answers.
 */
export async function pinnedTls(pinned: PinnedServers): Promise<PinnedTls> {
  return {
    ca: await trusted(pinned),
    // An operator's own certificate may not be self-signed.
    allowPartialTrustChain: true,
    checkServerIdentity: (_, { raw }) => (hasPin(raw, pinned.pin) ? undefined : impostor()),
  };
}

/** The server's current certificate as PEM; throws like `pinnedTls`. */
export async function trusted({ servers, pin, timeoutMs, schedule }: PinnedServers): Promise<string> {
  let failure: unknown = new BusError('disconnected', `${CONNECTING}: no server is named`);
  for (const server of servers) {
    try {
      const certificate = await present(server, timeoutMs, schedule);
      if (!hasPin(certificate.raw, pin)) throw impostor();
      return certificate.toString();
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

async function present(server: string, timeoutMs: number, schedule: Schedule): Promise<X509Certificate> {
  const { hostname, port } = new URL(server);
  const socket = connectTcp({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) });
  try {
    return await withDeadline(schedule, timeoutMs, { timeout: unanswered }, async (limit) => {
      limit.addEventListener('abort', () => socket.destroy(limit.reason), { once: true });
      const { tls_required, tls_available } = greetingSchema.parse(JSON.parse(await greetingOf(socket)));
      if (tls_required !== true && tls_available !== true) {
        throw new BusError('untrusted', `${CONNECTING}: it does not offer the TLS that the invite asks for`);
      }
      return await certificateOf(socket);
    });
  } catch (error) {
    if (error instanceof BusError) throw error;
    throw new BusError('disconnected', `${CONNECTING}: ${messageOf(error)}`, { cause: error });
  } finally {
    socket.destroy();
  }
}

/** The JSON of the broker's first line. */
function greetingOf(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let greeting = '';
    const take = (bytes: Buffer): void => {
      greeting += bytes.toString('latin1');
      const [line, ...rest] = greeting.split('\r\n');
      if (rest.length === 0 && greeting.length <= MAX_GREETING_BYTES) return;
      socket.off('data', take);
      const json = /^INFO (\{.*\})\s*$/.exec(line ?? '')?.[1];
      if (json === undefined) reject(new Error('it is not a broker'));
      else resolve(json);
    };
    socket.on('data', take);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('it closed the connection')));
  });
}

function certificateOf(socket: Socket): Promise<X509Certificate> {
  return new Promise((resolve, reject) => {
    // This connection only reads the certificate: nothing is sent over it, and no received data is trusted.
    const secure = startTls({ socket, rejectUnauthorized: false });
    secure.once('secureConnect', () => {
      const certificate = secure.getPeerX509Certificate();
      invariant(certificate, 'a TLS server has shown its certificate');
      resolve(certificate);
    });
    secure.once('error', reject);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('it closed the connection')));
  });
}

function hasPin(certificate: Buffer, pin: string): boolean {
  try {
    return pinOf(new X509Certificate(certificate)) === pin;
  } catch {
    // A key of an unreadable kind is not the pinned key.
    return false;
  }
}

const impostor = (): BusError =>
  new BusError('untrusted', `${CONNECTING}: it has another key than the invite says`);

const unanswered = (): BusError => new BusError('timeout', `${CONNECTING}: no answer in time`);
