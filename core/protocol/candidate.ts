// Where a device says it may be reached for a link: an address, what listens there, and who says so.
import { z } from 'zod';
import { addressSchema } from './envelope.js';

// A kind that this version does not know is passed on by the tracker, and passed over by terminals.
const kind = z.string().regex(/^[a-z]{1,16}$/, 'The kind of an address is a word.');

export const candidateSchema = addressSchema.extend({
  /** What listens there: `tcp`, also when absent, or `udp`. */
  carrier: kind.optional(),
  /** `host`, also when absent: the device's own address; `reflexive`: the one it has outside its NAT. */
  via: kind.optional(),
});
export type Candidate = z.infer<typeof candidateSchema>;
