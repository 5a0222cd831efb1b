// What one end of a line of payloads is, whatever carries them, and the keys of two devices.
import { nkeyFromKey } from '../../core/bus/credentials/nkey.js';
import { type DeviceId, deviceIdSchema } from '../../core/ids.js';
import { generateSigningKey, type SigningKey } from '../../core/keys.js';

export const PAYLOAD_BYTES = 200;
export const HOST = '127.0.0.1';

/** A home whose broker relays, and where that is. */
export interface Broker {
  readonly home: string;
  readonly servers: string;
}

export interface EndOptions {
  readonly key: SigningKey;
  readonly peer: DeviceId;
  /** Where the other end waits; null for the one that does. Of no meaning over the relay. */
  readonly port: number | null;
  readonly broker: Broker;
  /** Told of payloads that came; `first` begins with the first of them. */
  readonly onPayloads: (count: number, first: Buffer) => void;
}

export interface End {
  /** Where it waits; 0 where that means nothing. */
  readonly port: number;
  /** Hands over payloads, in one write where that can be; false when it takes no more now. */
  send(payloads: readonly Buffer[]): boolean;
  /** Resolves when it takes more. */
  room(): Promise<unknown>;
}

export const idOf = (key: SigningKey): DeviceId => deviceIdSchema.parse(nkeyFromKey('user', key).publicKey);

/** Keys of two devices; of links between them, the first one dials. */
export function keysInOrder(): readonly [SigningKey, SigningKey] {
  const [one, two] = [generateSigningKey(), generateSigningKey()];
  return Buffer.compare(one.publicKey, two.publicKey) < 0 ? [one, two] : [two, one];
}
