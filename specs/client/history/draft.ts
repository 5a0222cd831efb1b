// The draft and the recipient that the crash spec passes to its child process.
import { z } from 'zod';
import { accountIdSchema, deviceIdSchema } from '../../../core/ids.js';
import { hlcSchema } from '../../../core/protocol/message/hlc.js';
import { conversationIdSchema } from '../../../core/protocol/message/message.js';

export const draftSchema = z.object({
  conversation: conversationIdSchema,
  account: accountIdSchema,
  device: deviceIdSchema,
  hlc: hlcSchema,
  roster: z.int(),
  text: z.string(),
  spans: z.tuple([]).transform(() => []),
  recipient: accountIdSchema,
});
