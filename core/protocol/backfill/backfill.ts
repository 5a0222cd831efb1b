// Requests between two terminals about the history of a conversation: `HAVE` lists what the sender has, `GIVE` asks for
// messages.
import { z } from 'zod';
import { conversationIdSchema, type Message, messageSchema } from '../message/message.js';
import { type Proof, proofSchema } from '../message/proof.js';
import { deviceRangesSchema } from './ranges.js';
import { parseJson, signedSchema } from '../signed/signed.js';
import { checksumSchema } from './checksums.js';

/** The maximum number of a conversation's devices in one request. */
export const DEVICES_AT_ONCE = 256;
/** The maximum number of checksums in one request. */
export const CHECKSUMS_AT_ONCE = 64;
/** The maximum number of messages in one answer. Further messages are requested when the messages of this answer are stored. */
export const MESSAGES_AT_ONCE = 64;

const devices = z.array(deviceRangesSchema).max(DEVICES_AT_ONCE);

/** The data of `History` requests. */
export const historyOperationSchema = z.discriminatedUnion('operation', [
  /** The messages that the sender can pass on. */
  z.object({
    operation: z.literal('HAVE'),
    conversation: conversationIdSchema,
    devices,
    /**
     * Checksums of the latest of these messages. They show where the two histories differ. Older terminals send none.
     */
    sums: z.array(checksumSchema).max(CHECKSUMS_AT_ONCE).default([]),
  }),
  /** The messages that the sender wants to receive. The latest come first. */
  z.object({ operation: z.literal('GIVE'), conversation: conversationIdSchema, devices }),
]);

/** The answer to `GIVE`. */
export const givenSchema = z.object({
  /** Each text is the JSON of a message with its proof. */
  messages: z.array(z.string()).max(MESSAGES_AT_ONCE),
  /** The enrolments of the authors' devices. */
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

/** Returns null if the text is not a message with a proof. */
export function readPassed(text: string): Passed | null {
  const value = parseJson(text);
  const message = messageSchema.safeParse(value);
  const proven = provenSchema.safeParse(value);
  return message.success && proven.success ? { message: message.data, proof: proven.data.proof } : null;
}
