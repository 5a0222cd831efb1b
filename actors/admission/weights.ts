// What a request costs of its device's rate: 1 for an ordinary one, more for what makes the tracker look far around.
import { z } from 'zod';
import type { Request } from '../../core/protocol/envelope.js';
import { limits } from '../../core/protocol/limits.js';

const ORDINARY = 1;
/** Listings and syncs read hundreds of rows. */
const FAR = 10;
/** Introductions are three signatures for each device: about as many as cost what one command costs. */
const ACCOUNTS_PER_UNIT = 8;

const listing = z.object({ operation: z.enum(['LIST', 'SEE', 'BLOCKS']) });
const introductions = z.object({ accounts: z.array(z.unknown()) });

export function weightOf({ title, data }: Pick<Request, 'title' | 'data'>): number {
  switch (title) {
    case 'Sync':
      return FAR;
    case 'ChatRoom':
    case 'People':
      return listing.safeParse(data).success ? FAR : ORDINARY;
    case 'PRIVATE': {
      const asked = introductions.safeParse(data).data?.accounts.length ?? 0;
      return ORDINARY + Math.min(asked, limits.accountsPerIntroduction) / ACCOUNTS_PER_UNIT;
    }
    case 'Registration':
    case 'Login':
    case 'Renewal':
    case 'Account':
    case 'MESSAGE':
    case 'History':
      return ORDINARY;
  }
}
