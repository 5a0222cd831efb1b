// The protocol's parsers under hostile input.
import * as fc from 'fast-check';
import sodium from 'sodium-native';
import { createNKey } from '../../core/bus/credentials/nkey.js';
import { commandIdSchema } from '../../core/ids.js';
import { generateSigningKey } from '../../core/keys.js';
import { makeRequest, parseRequest, respond, responseSchema } from '../../core/protocol/envelope.js';
import { formatInvite, parseInvite } from '../../core/protocol/invite.js';
import { parseMarkup } from '../../core/protocol/message/markup.js';
import { messageSchema } from '../../core/protocol/message/message.js';
import {
  accountOperationSchema,
  peopleOperationSchema,
  privateOperationSchema,
  roomOperationSchema,
  syncOperationSchema,
} from '../../core/protocol/operations.js';
import { sanitise, sanitiseLine, sanitiseRanges } from '../../core/protocol/message/sanitise.js';
import { sealCredentials, unsealCredentials } from '../../core/protocol/signed/sealed.js';
import { parseJson, readStatement, signedSchema, signStatement } from '../../core/protocol/signed/signed.js';
import { isSuccess } from '../../core/protocol/status.js';
import { noticeSchema } from '../../core/protocol/signed/statements.js';
import { aMessage } from '../core/protocol/arbitraries.js';
import { garbled } from '../support/hostile.js';
import { newAccountId, newDeviceId } from '../support/identities.js';
import { fuzz, isHarmless, isShowable } from './support/fuzz.js';

const id = commandIdSchema.parse('01ARZ3NDEKTSV4RRFFQ69G5FAV');
const signing = generateSigningKey();
const key = createNKey('user');
const issuer = createNKey('account');
const device = newDeviceId(key);
const account = newAccountId();
const sealing = (() => {
  const publicKey = Buffer.alloc(sodium.crypto_box_PUBLICKEYBYTES);
  const secretKey = Buffer.alloc(sodium.crypto_box_SECRETKEYBYTES);
  sodium.crypto_box_keypair(publicKey, secretKey);
  return { publicKey, secretKey };
})();
const json = (value: unknown): string => JSON.stringify(value);

const address = { ip: '192.0.2.7', port: 4_222 };
const request = makeRequest({ id, title: 'ChatRoom', data: { operation: 'JOIN', name: 'lobby' } });
fuzz('the envelope', {
  input: garbled(json(request), json({ ...request, from: address, to: { ip: '::1', port: 1 } })),
  holds(text) {
    const parsed = parseRequest(parseJson(text));
    if ('request' in parsed)
      return responseSchema.safeParse(respond(parsed.request, 2, { phrase: 'BUSY' })).success;
    const response = responseSchema.parse(respond(parsed.unreadable, 5, parsed.unreadable));
    return (
      !isSuccess(response.status) && /^[A-Za-z0-9_-]{0,64}$/.test(response.id) && isShowable(response.message)
    );
  },
});

fuzz('the data of a request', {
  input: garbled(
    json({ operation: 'CREATE', name: 'lobby' }),
    json({ operation: 'ANNOUNCE', addresses: [address] }),
    json({ username: 'alice' }),
    json({ accounts: [account] }),
    json({ versions: { [`room-${account}`]: 3 } }),
  ),
  holds(text) {
    const value = parseJson(text);
    const all = [accountOperationSchema, roomOperationSchema, peopleOperationSchema, privateOperationSchema];
    return [...all, syncOperationSchema].every((schema) => {
      const { data } = schema.safeParse(value);
      // The tracker stores no text with a NUL or a lone surrogate.
      return data === undefined || (json(data).isWellFormed() && !/\\u(0000|d[89a-f])/i.test(json(data)));
    });
  },
});

const invite = {
  host: 'chat.example.org',
  port: 4_222,
  guest: issuer.seed,
  sign: Buffer.from(signing.publicKey),
  seal: sealing.publicKey,
};
fuzz('the invite', {
  input: garbled(formatInvite(invite), formatInvite({ ...invite, host: '::1', tls: 'A'.repeat(43) })),
  holds(text) {
    const read = parseInvite(text);
    if ('refusal' in read) return isShowable(read.refusal);
    const again = parseInvite(formatInvite(read.invite));
    return 'invite' in again && json(again.invite) === json(read.invite);
  },
});

fuzz('the sanitiser', {
  input: garbled(
    'hi \u202eyou\u202c',
    'a\r\nb\u2028c\u0085d',
    '\u001b[2J\u200b👋\ud83d',
    'é'.normalize('NFD'),
  ),
  holds(text) {
    const clean = sanitise(text);
    const ranges = [{ start: 1, end: text.length - 1 }];
    const moved = sanitiseRanges(text, ranges);
    const fits = moved.ranges.every(({ start, end }) => start < end && end <= clean.length);
    return (
      clean.isWellFormed() &&
      isHarmless(clean) &&
      sanitise(clean) === clean &&
      !/[\n\t]/.test(sanitiseLine(text)) &&
      moved.text === clean &&
      fits
    );
  },
});

const marked = '**hi** [you](https://a.b/(c)) *all* https://a.b/c \\*no\\* ***both***';
fuzz('the markup', {
  input: garbled(marked, '[a](mailto:a@b.c)', '**'.repeat(40), '[x](http://a.b'),
  holds(text) {
    const formatted = parseMarkup(text);
    const { spans } = formatted;
    if (formatted.text === '' || Buffer.byteLength(formatted.text) > 8_192) return true;
    const places = spans.map(({ start, end }) => start >= 0 && start <= end && end <= formatted.text.length);
    return places.every(Boolean);
  },
});

const spans = [
  { style: 'BOLD', start: 0, end: 5 },
  { style: 'HYPERLINK', start: 6, end: 11, url: 'https://a.b/c' },
];
fuzz('a message with its spans', {
  input: garbled(json(aMessage({ spans }))),
  holds(text) {
    const { data, error } = messageSchema.safeParse(parseJson(text));
    if (data === undefined) return error.issues.length > 0;
    return (
      data.text.isWellFormed() && data.spans.every(({ start, end }) => start < end && end <= data.text.length)
    );
  },
});

const credentials = { id, device, at: 0, username: 'alice', password: 'correct-horse-battery' };
const sealed = sealCredentials(credentials, sealing.publicKey);
fuzz('data sealed to the tracker', {
  input: fc.tuple(garbled(sealed), garbled(json(credentials))),
  holds([box, plain]) {
    const expected = { id, device, nowMs: 0 };
    const own = Buffer.alloc(Buffer.byteLength(plain) + sodium.crypto_box_SEALBYTES);
    sodium.crypto_box_seal(own, Buffer.from(plain), sealing.publicKey);
    return [box, own.toString('base64url')].every((text) => {
      const opened = unsealCredentials(text, sealing, expected);
      return 'credentials' in opened ? opened.credentials.id === id : isShowable(opened.message);
    });
  },
});

const statement = signStatement(signing, 'notice', { v: 1 });
fuzz('a signed statement', {
  input: garbled(json(statement)),
  holds(text) {
    const signed = signedSchema.safeParse(parseJson(text));
    if (!signed.success) return true;
    const expected = { purpose: 'notice', publicKey: signing.publicKey, schema: noticeSchema } as const;
    return 'refusal' in readStatement(signed.data, expected);
  },
});
