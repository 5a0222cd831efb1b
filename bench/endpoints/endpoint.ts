// An endpoint: one end of a connection that carries payloads over any transport. Also the keys of the two devices at its ends.
import { nkeyFromKey } from '../../core/bus/credentials/nkey.js';
import { type DeviceId, deviceIdSchema } from '../../core/ids.js';
import { generateSigningKey, type SigningKey } from '../../core/keys.js';

export const PAYLOAD_BYTES = 200;
export const HOST = '127.0.0.1';

/** The broker of a tracker, with the tracker's home. */
export interface Broker {
  readonly home: string;
  readonly servers: string;
}

export interface EndpointOptions {
  readonly key: SigningKey;
  readonly peer: DeviceId;
  /** The port of the other end; null for the end that listens. Unused over the relay. */
  readonly port: number | null;
  readonly broker: Broker;
  /** Called for each batch of received payloads. */
  readonly onPayloads: (count: number, first: Buffer) => void;
}

export interface Endpoint {
  /** The port on which the endpoint listens; 0 if it does not listen. */
  readonly port: number;
  /** Sends payloads, in one write if possible. Returns false when the send buffer is full. */
  send(payloads: readonly Buffer[]): boolean;
  /** Resolves when the send buffer has room again. */
  room(): Promise<unknown>;
}

export const idOf = (key: SigningKey): DeviceId => deviceIdSchema.parse(nkeyFromKey('user', key).publicKey);

/** Keys of two devices. The device of the first key dials. */
export function keysInOrder(): readonly [SigningKey, SigningKey] {
  const [one, two] = [generateSigningKey(), generateSigningKey()];
  return Buffer.compare(one.publicKey, two.publicKey) < 0 ? [one, two] : [two, one];
}
