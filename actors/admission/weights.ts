// The cost of a request against its device's rate limit: 1 for an ordinary request, more for one that reads many rows.
import { z } from 'zod';
import type { Request } from '../../core/protocol/envelope.js';
import { limits } from '../../core/protocol/limits.js';

const ORDINARY = 1;
/** Listings and syncs read hundreds of rows. */
const EXPENSIVE = 10;
/**
 * This many accounts in a request cost about as much as one command: three signatures per introduced device, or one row per
 * contact.
 */
const ACCOUNTS_PER_UNIT = 8;

const listing = z.object({ operation: z.enum(['LIST', 'SEE', 'BLOCKS', 'LOG']) });
const naming = z.object({ accounts: z.array(z.unknown()) });

/** The cost of a request that names accounts: it grows with the number of accounts. */
function perAccount(data: unknown): number {
  const named = naming.safeParse(data).data?.accounts.length ?? 0;
  return ORDINARY + Math.min(named, limits.accountsPerIntroduction) / ACCOUNTS_PER_UNIT;
}

export function weightOf({ title, data }: Pick<Request, 'title' | 'data'>): number {
  switch (title) {
    case 'Sync':
      return EXPENSIVE;
    case 'ChatRoom':
      return listing.safeParse(data).success ? EXPENSIVE : ORDINARY;
    case 'People':
      return listing.safeParse(data).success ? EXPENSIVE : perAccount(data);
    case 'PRIVATE':
      return perAccount(data);
    case 'Registration':
    case 'Login':
    case 'Renewal':
    case 'Account':
    case 'MESSAGE':
    case 'History':
      return ORDINARY;
  }
}
