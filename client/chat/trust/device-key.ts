// The public key of a device, which its id contains. An id from outside may have the right form and contain no key.
import { rawPublicKey } from '../../../core/bus/credentials/nkey.js';
import type { DeviceId } from '../../../core/ids.js';
import type { Message } from '../../../core/protocol/message/message.js';
import { createProofCheck, type Proof } from '../../../core/protocol/message/proof.js';

/** The 32 bytes of the key; null if the checksum of the id is wrong. */
export function publicKeyOf(device: DeviceId): Buffer | null {
  try {
    return rawPublicKey(device);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Creates a check whether the device that a message names signed exactly this message. The check never throws. */
export function createDeviceProofCheck(): (message: Message, proof: Proof) => boolean {
  const isProven = createProofCheck();
  return (message, proof) => {
    const publicKey = publicKeyOf(message.device);
    return publicKey !== null && isProven(message, proof, publicKey);
  };
}
