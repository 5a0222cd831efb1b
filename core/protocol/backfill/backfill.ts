// What two terminals say to each other over a link about the history of a conversation: what each has, and give me that.
import { z } from 'zod';
import { conversationIdSchema, type Message, messageSchema } from '../message/message.js';
import { type Proof, proofSchema } from '../message/proof.js';
import { deviceRangesSchema } from './ranges.js';
import { parseJson, signedSchema } from '../signed/signed.js';
import { checksumSchema } from './checksums.js';

/** Devices of one conversation that are told of at once. */
export const DEVICES_AT_ONCE = 256;
/** Devices of one conversation of which sums are told at once. */
export const CHECKSUMS_AT_ONCE = 64;
/** Messages passed on in one answer; the next are asked for when these are stored. */
export const MESSAGES_AT_ONCE = 64;

const devices = z.array(deviceRangesSchema).max(DEVICES_AT_ONCE);

/** `History`. */
export const historyOperationSchema = z.discriminatedUnion('operation', [
  /** What the sender can pass on. */
  z.object({
    operation: z.literal('HAVE'),
    conversation: conversationIdSchema,
    devices,
    /** Of the latest of these, so that it shows where the two do not have the same; an older terminal tells none. */
    sums: z.array(checksumSchema).max(CHECKSUMS_AT_ONCE).default([]),
  }),
  /** What the sender wants to be passed on to it; the latest come first. */
  z.object({ operation: z.literal('GIVE'), conversation: conversationIdSchema, devices }),
]);

/** The answer to `GIVE`. */
export const givenSchema = z.object({
  /** Each the JSON of a message with its proof. */
  messages: z.array(z.string()).max(MESSAGES_AT_ONCE),
  /** Of their authors' devices. */
  enrolments: z.array(signedSchema).max(MESSAGES_AT_ONCE),
});
export type Given = z.infer<typeof givenSchema>;

const provenSchema = z.object({ proof: proofSchema });

export function writePassed(message: Message, proof: Proof): string {
  return JSON.stringify({ ...message, proof });
}

export interface Passed {
  readonly message: Message;
  readonly proof: Proof;
}

/** Null for what is no message with a proof. */
export function readPassed(text: string): Passed | null {
  const value = parseJson(text);
  const message = messageSchema.safeParse(value);
  const proven = provenSchema.safeParse(value);
  return message.success && proven.success ? { message: message.data, proof: proven.data.proof } : null;
}
