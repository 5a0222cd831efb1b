import test from 'ava';
import * as fc from 'fast-check';
import { z } from 'zod';
import { commandIdSchema } from '../../../core/ids.js';
import {
  addressSchema,
  explain,
  familyOf,
  makeRequest,
  parseRequest,
  respond,
  responseSchema,
  titleSchema,
} from '../../../core/protocol/envelope.js';
import { commandIds, hostileText } from './arbitraries.js';

const id = commandIdSchema.parse('01ARZ3NDEKTSV4RRFFQ69G5FAV');
const request = makeRequest({ id, title: 'ChatRoom', data: { operation: 'SEE' } });

/** The answer to a `value` that cannot be read. Fails the spec if the value can be read. */
function unreadable(value: unknown) {
  const parsed = parseRequest(value);
  if ('request' in parsed) throw new Error('it was read');
  return parsed.unreadable;
}

test('envelope: given a request through JSON, then it is read back the same', (t) => {
  t.deepEqual(parseRequest(JSON.parse(JSON.stringify(request))), { request });
  t.deepEqual(Object.keys(request).sort(), ['connection', 'data', 'from', 'id', 'title', 'to', 'v']);
});

test('envelope: given unknown fields, then they are ignored', (t) => {
  t.deepEqual(parseRequest({ ...request, later: true }), { request });
});

test('envelope: given any value, then it gives a request or an answer, without an exception', (t) => {
  fc.assert(
    fc.property(
      fc.anything({
        withBigInt: true,
        withDate: true,
        withMap: true,
        withNullPrototype: true,
        withSet: true,
      }),
      (value) => {
        const { phrase, message } = unreadable(value);
        t.true(phrase === 'INVALID_COMMAND' || phrase === 'UNSUPPORTED_VERSION');
        t.regex(message, /\.$|: /);
      },
    ),
  );
});

test('envelope: given a request with one invalid field, then the answer fits the response schema', (t) => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(request)), fc.anything(), (field, value) => {
      const parsed = parseRequest({ ...request, [field]: value });
      if ('request' in parsed) return;
      const response = respond(parsed.unreadable, 5, parsed.unreadable);
      t.is(response.status, 501);
      t.true(responseSchema.safeParse(JSON.parse(JSON.stringify(response))).success);
    }),
  );
});

test('envelope: given another version, then the answer names the supported version', (t) => {
  fc.assert(
    fc.property(
      fc.double().filter((v) => v !== 1),
      (v) => {
        const answer = unreadable({ ...request, v });
        t.is(answer.phrase, 'UNSUPPORTED_VERSION');
        t.is(answer.id, id);
        t.regex(answer.message, /version 1/);
      },
    ),
  );
  for (const v of ['1', null, true, [1]]) t.is(unreadable({ ...request, v }).phrase, 'INVALID_COMMAND');
});

test('envelope: given an unknown title, then the answer keeps id and connection and lists the known titles', (t) => {
  const answer = unreadable({ ...request, title: 'Rooms', connection: 'UDP' });
  t.like(answer, { id, connection: 'UDP', phrase: 'INVALID_COMMAND' });
  t.regex(answer.message, /^The request is not valid: title: .*ChatRoom/);
});

test('envelope: given an id that contains more than an id, then the answer repeats none of it', (t) => {
  fc.assert(
    fc.property(hostileText, (text) => {
      t.regex(unreadable({ ...request, id: `${text}!` }).id, /^$/);
    }),
  );
  t.is(unreadable({ ...request, id: 'x'.repeat(1_000_000) }).id, '');
  t.is(unreadable({ ...request, id: 'my-own-id_7' }).id, 'my-own-id_7');
});

test('envelope: given a huge request of the wrong shape, then the answer is short', (t) => {
  const huge = 'x'.repeat(1_000_000);
  const values = [huge, { v: huge, title: huge }, { ...request, title: huge }, { [huge]: 1 }, [huge]];
  for (const value of values) t.true(unreadable(value).message.length < 400);
});

test('envelope: a response keeps the id and connection of its request and has its row of the status table', (t) => {
  fc.assert(
    fc.property(commandIds, fc.constantFrom('TCP' as const, 'UDP' as const), (id, connection) => {
      const asked = makeRequest({ id, title: 'PRIVATE', data: { username: 'bob' }, connection });
      const response = respond(asked, familyOf('PRIVATE'), { phrase: 'USERNAME_OFFLINE' });
      t.like(response, {
        v: 1,
        id,
        connection,
        status: 301,
        phrase: 'USERNAME_OFFLINE',
        from: null,
        to: null,
      });
    }),
  );
});

test('envelope: given no message of its own, then a response shows the meaning and the remedy', (t) => {
  const failed = respond(request, 2, { phrase: 'ROOM_NOT_FOUND' });
  t.is(failed.message, 'No open room has this name. Use /rooms to list the rooms.');
  t.is(respond(request, 2, { phrase: 'JOIN_S' }).message, 'You are a member of the room.');
  t.is(respond(request, 2, { phrase: 'JOIN_S', message: 'Hello.' }).message, 'Hello.');
});

test('envelope: a response with or without data survives JSON', (t) => {
  for (const answer of [{ phrase: 'QUIT_S' }, { phrase: 'QUIT_S', data: { n: 1 } }] as const) {
    const sent: unknown = JSON.parse(JSON.stringify(respond(request, 2, answer)));
    t.deepEqual<unknown, unknown>(responseSchema.parse(sent), sent);
  }
});

test('envelope: given a value that is not a response, then it is refused', (t) => {
  const good = respond(request, 2, { phrase: 'QUIT_S' });
  for (const spoilt of [{ status: 99 }, { status: 600 }, { status: 200.5 }, { v: 2 }, { phrase: 7 }]) {
    t.false(responseSchema.safeParse({ ...good, ...spoilt }).success, JSON.stringify(spoilt));
  }
});

test('envelope: given an address that cannot be read, then it counts as unknown and the envelope is read', (t) => {
  for (const from of [1, 'here', {}, { ip: 'fe80::1%eth0', port: 1 }, { ip: '::1', port: 0 }, undefined]) {
    t.deepEqual(parseRequest({ ...request, from, to: from }), { request });
    t.like(responseSchema.parse({ ...respond(request, 2, { phrase: 'QUIT_S' }), from }), { from: null });
  }
});

test('envelope: every title has a family', (t) => {
  for (const title of titleSchema.options) t.regex(String(familyOf(title)), /^[1-5]$/);
});

test('envelope: an address is an IPv4 or IPv6 address and a port', (t) => {
  for (const ip of ['127.0.0.1', '::1', '2001:db8::7'])
    t.true(addressSchema.safeParse({ ip, port: 1 }).success);
  for (const ip of ['localhost', '1.2.3', '::1%eth0', '1.2.3.4:5', '', null]) {
    t.false(addressSchema.safeParse({ ip, port: 1 }).success, String(ip));
  }
  for (const port of [0, -1, 65_536, 1.5, '80'])
    t.false(addressSchema.safeParse({ ip: '::1', port }).success);
});

test('explain: the first fault is given as a sentence, or with the name of its field', (t) => {
  const schema = z.object({ room: z.object({ name: z.string('A name is text.') }) });
  const { error } = schema.safeParse({ room: { name: 7 } });
  t.is(error && explain(error), 'A name is text.');
  const plain = z.object({ room: z.object({ name: z.string() }) }).safeParse({ room: { name: 7 } });
  t.is(plain.error && explain(plain.error), 'room.name: Invalid input: expected string, received number');
  t.is(explain(new z.ZodError([])), 'The value is malformed.');
});

test('explain: given a hostile key, then the part of it that is shown is short and safe', (t) => {
  const schema = z.record(z.string().max(3), z.number());
  fc.assert(
    fc.property(hostileText, (key) => {
      const { error } = schema.safeParse({ [`${key}\u001b[2J${'k'.repeat(500)}`]: 1 });
      const sentence = error === undefined ? '' : explain(error);
      t.regex(sentence, /Invalid key in record$/);
      t.notRegex(sentence, /[\p{Cc}\u202e]/u);
      t.true(sentence.length < 150);
    }),
  );
  const { error } = z.record(z.symbol(), z.number()).safeParse({ [Symbol('odd')]: 'x' });
  t.regex(error ? explain(error) : '', /odd/);
});
