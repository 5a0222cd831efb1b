// The text of a notice that is kept on the disk for a program.
import { z } from 'zod';
import type { ChatNotice } from '../events.js';
import { parseJson } from '../../../core/protocol/signed/signed.js';
import type { Notice } from '../../../core/protocol/signed/statements.js';
import { shownNotice } from './notices.js';

export const keptNotice = (notice: Notice): string => JSON.stringify(shownNotice(notice));

const noticeSchema = z.object({
  type: z.string(),
  conversation: z.templateLiteral(['#', z.string()]).nullable(),
  username: z.string(),
  by: z.string().nullable(),
  isByOperator: z.literal(true).optional(),
  reason: z.string().nullable(),
  topic: z.string().optional(),
  formerly: z.string().optional(),
  deadline: z.int().optional(),
  at: z.int(),
});

/** Throws if the text was not made by `keptNotice`. */
export function readKeptNotice(text: string): ChatNotice {
  const { isByOperator, topic, formerly, deadline, ...rest } = noticeSchema.parse(parseJson(text));
  return {
    ...rest,
    ...(isByOperator !== undefined && { isByOperator }),
    ...(topic !== undefined && { topic }),
    ...(formerly !== undefined && { formerly }),
    ...(deadline !== undefined && { deadline }),
  };
}
