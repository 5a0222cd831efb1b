// An address at which a device may be reached for a link, with its carrier and its source.
import { z } from 'zod';
import { addressSchema } from './envelope.js';

// The tracker passes on a kind that this version does not know; terminals ignore it.
const kind = z
  .string()
  .regex(/^[a-z]{1,16}$/, 'The kind of an address must be a word of lower-case letters.');

export const candidateSchema = addressSchema.extend({
  /** The carrier at this address: `tcp` (the default) or `udp`. */
  carrier: kind.optional(),
  /**
   * The source of the address: `host` (the default) for the device's own address, `reflexive` for its address outside
   * the NAT.
   */
  via: kind.optional(),
});
export type Candidate = z.infer<typeof candidateSchema>;
