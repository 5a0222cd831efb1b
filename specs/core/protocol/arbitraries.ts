// Arbitraries for the protocol's property specs: ids, times, messages, and hostile text.
import * as fc from 'fast-check';
import { accountIdSchema, commandIdSchema, deviceIdSchema } from '../../../core/ids.js';
import { hlcSchema } from '../../../core/protocol/message/hlc.js';
import { conversationIdSchema, type Message, messageSchema } from '../../../core/protocol/message/message.js';

const ulid = fc.stringMatching(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);

export const accountIds = ulid.map((text) => accountIdSchema.parse(text));
export const commandIds = ulid.map((text) => commandIdSchema.parse(text));
export const deviceIds = fc.stringMatching(/^U[A-Z2-7]{55}$/).map((text) => deviceIdSchema.parse(text));
export const hlcs = fc.stringMatching(/^[0-9a-f]{16}$/).map((text) => hlcSchema.parse(text));
export const rooms = ulid.map((id) => conversationIdSchema.parse(`room-${id}`));

const trouble = fc.constantFrom(
  '\r',
  '\n',
  '\r\n',
  '\t',
  '\u0000',
  '\u001b[2J',
  '\u007f',
  '\u0085',
  '\u009b',
  '\u00ad',
  '\u061c',
  '\u115f',
  '\u200b',
  '\u200d',
  '\u200e',
  '\u2028',
  '\u2029',
  '\u202e',
  '\u2066',
  '\u3164',
  '\ufe0f',
  '\ufeff',
  '\ufffa',
  '\ufffd',
  '\ud83d',
  '\udc4b',
  '\ud83d\udc4b',
  '\u{e0041}',
  '\u{e0100}',
);

/** Any text, with many characters that are unsafe to show, lone surrogates included. */
export const hostileText = fc.string({
  unit: fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), trouble),
  maxLength: 60,
});

/** Well-formed text with much that looks like markup. */
export const typedText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '*',
        '**',
        '***',
        '\\',
        '[',
        ']',
        '(',
        ')',
        '](',
        ' ',
        '\n',
        'word',
        'é',
        '👋',
        '@',
        '_',
      ),
      fc.constantFrom(
        'http://',
        'https://a.b/c',
        'mailto:a@b.c',
        'ftp://a.b',
        'javascript:',
        'http://a.b/(c)*',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join('').toWellFormed());

/** A valid message in a room, with `fields` replaced. */
export const aMessage = (fields: Partial<Record<keyof Message, unknown>> = {}): unknown => ({
  conversation: 'room-01ARZ3NDEKTSV4RRFFQ69G5FAV',
  account: '01BX5ZZKBKACTAV9WEVGEMMVRZ',
  device: `U${'A'.repeat(55)}`,
  seq: 1,
  hlc: '0190c7a1b2c30000',
  roster: 3,
  text: 'hello world',
  spans: [],
  ...fields,
});

export const isMessage = (fields: Partial<Record<keyof Message, unknown>>): boolean =>
  messageSchema.safeParse(aMessage(fields)).success;
