// What a request costs of its device's rate: 1 for an ordinary one, more for what makes the tracker look far around.
import { z } from 'zod';
import type { Request } from '../../core/protocol/envelope.js';
import { limits } from '../../core/protocol/limits.js';

const ORDINARY = 1;
/** Listings and syncs read hundreds of rows. */
const FAR = 10;
/** Introductions are three signatures for each device, contacts a row each: about as many as cost what one command costs. */
const ACCOUNTS_PER_UNIT = 8;

const listing = z.object({ operation: z.enum(['LIST', 'SEE', 'BLOCKS']) });
const naming = z.object({ accounts: z.array(z.unknown()) });

/** Of a request that is about as many accounts as it names. */
function forEach(data: unknown): number {
  const named = naming.safeParse(data).data?.accounts.length ?? 0;
  return ORDINARY + Math.min(named, limits.accountsPerIntroduction) / ACCOUNTS_PER_UNIT;
}

export function weightOf({ title, data }: Pick<Request, 'title' | 'data'>): number {
  switch (title) {
    case 'Sync':
      return FAR;
    case 'ChatRoom':
      return listing.safeParse(data).success ? FAR : ORDINARY;
    case 'People':
      return listing.safeParse(data).success ? FAR : forEach(data);
    case 'PRIVATE':
      return forEach(data);
    case 'Registration':
    case 'Login':
    case 'Renewal':
    case 'Account':
    case 'MESSAGE':
    case 'History':
      return ORDINARY;
  }
}
