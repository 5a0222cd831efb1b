// The safety code: equal at both ends of a link unless somebody stands between the two terminals. Pure.
import { createHash } from 'node:crypto';
import type { AccountId, DeviceId } from '../../../core/ids.js';

const PURPOSE = 'partyline/verify/v1\0';
const GROUPS = 6;
const GROUP_BYTES = 5;
const GROUP_DIGITS = 5;

interface End {
  readonly account: AccountId;
  readonly device: DeviceId;
}

/**
 * Six groups of five digits, about 100 bits, from a hash over the sorted keys and accounts of both ends. A device's id is its
 * key.
 */
export function safetyCode(one: End, other: End): string {
  const ends = [one, other].map(({ account, device }) => `${device} ${account}`).toSorted();
  const digest = createHash('sha512').update(PURPOSE).update(ends.join('\0')).digest();
  const groups = Array.from({ length: GROUPS }, (_, index) => {
    const number = digest.readUIntBE(index * GROUP_BYTES, GROUP_BYTES) % 10 ** GROUP_DIGITS;
    return String(number).padStart(GROUP_DIGITS, '0');
  });
  return groups.join(' ');
}
