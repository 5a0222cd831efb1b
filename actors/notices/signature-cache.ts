// A signing key that signs a text once: what many people ask for, such as one roster or one notice, costs one signature.
import type { SigningKey } from '../../core/keys.js';

/** Signatures are the same each time (Ed25519 takes no randomness), so the last `capacity` of them are kept by their text. */
export function cacheSignatures(key: SigningKey, capacity: number): SigningKey {
  const signatures = new Map<string, Buffer>();
  return {
    ...key,
    sign(data) {
      const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1');
      const known = signatures.get(text);
      const signature = known ?? key.sign(data);
      // In the order of use, the longest unused first.
      if (known !== undefined) signatures.delete(text);
      signatures.set(text, signature);
      const [oldest] = signatures.keys();
      if (signatures.size > capacity && oldest !== undefined) signatures.delete(oldest);
      return signature;
    },
  };
}
