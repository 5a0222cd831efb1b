// A signing key that caches its signatures, so that a roster or notice for many people is signed only once.
import { LRUCache } from 'lru-cache';
import type { SigningKey } from '../../core/keys.js';

/** Keeps the last `capacity` signatures by their text. Ed25519 is deterministic: a text always has the same signature. */
export function cacheSignatures(key: SigningKey, capacity: number): SigningKey {
  const signatures = new LRUCache<string, Buffer>({ max: capacity });
  return {
    ...key,
    sign(data) {
      const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1');
      const known = signatures.get(text);
      const signature = known ?? key.sign(data);
      if (known === undefined) signatures.set(text, signature);
      return signature;
    },
  };
}
