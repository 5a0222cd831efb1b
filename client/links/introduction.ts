// The introduction of a device: its key and its addresses, as the tracker has signed them. The signature is already verified.
import type { DeviceId } from '../../core/ids.js';
import type { Candidate, CarrierKind } from './carrier.js';

/** The addresses at which a device may be reached, by carrier. */
export type Addresses = Readonly<Partial<Record<CarrierKind, readonly Candidate[]>>>;

export interface Introduction {
  readonly id: DeviceId;
  /** 32 bytes; the device must prove this key. */
  readonly publicKey: Buffer;
  readonly candidates: Addresses;
}
