// The parsers of data from the broker, its credentials included, under hostile input.
import { z } from 'zod';
import { readGrant } from '../../client/session/auth/grant.js';
import { readChange } from '../../core/bus/connections.js';
import { mintJwt, readJwt } from '../../core/bus/credentials/jwt.js';
import { createNKey, nkeyFromSeed, rawPublicKey } from '../../core/bus/credentials/nkey.js';
import { createEventRelay } from '../../core/bus/event-relay.js';
import { commandIdSchema } from '../../core/ids.js';
import { silentLog } from '../../core/log.js';
import { makeRequest, respond } from '../../core/protocol/envelope.js';
import { garbled, garbledBytes } from '../support/hostile.js';
import { newAccountId, newDeviceId } from '../support/identities.js';
import { openLocalBus } from '../support/bus/local-bus.js';
import { fuzz } from './support/fuzz.js';

const key = createNKey('user');
const issuer = createNKey('account');
const device = newDeviceId(key);
const account = newAccountId();
const json = (value: unknown): string => JSON.stringify(value);
const request = makeRequest({
  id: commandIdSchema.parse('01ARZ3NDEKTSV4RRFFQ69G5FAV'),
  title: 'Login',
  data: null,
});

const cloudEvent = { specversion: '1.0', id: 'room-A1/1', position: '7', hash: 'a'.repeat(64), data: {} };
fuzz('the last CloudEvent of a stream', {
  input: garbledBytes(Buffer.from(json(cloudEvent))),
  async holds(bytes) {
    let last = bytes;
    const said = (subject: string): object => {
      if (subject.includes('.DELETE.')) {
        last = Buffer.alloc(0);
        return { success: true };
      }
      if (subject.includes('.MSG.GET.')) return { message: { data: last.toString('base64') } };
      const count = last.length === 0 ? 0 : 1;
      return { state: { messages: count, last_seq: count } };
    };
    const { bus } = openLocalBus();
    const relay = createEventRelay({ ...bus, request: async (subject) => Buffer.from(json(said(subject))) });
    const end = await relay.resume();
    return end === null ? last.length === 0 : Number.isSafeInteger(end.position) && end.position > 0;
  },
});

const claims = z.object({ sub: z.string(), exp: z.int().optional() });
const jwt = mintJwt({ subject: device, name: account, issuedAt: 1e12, expiresAt: 2e12, nats: {} }, issuer);
fuzz('the credentials of a grant', {
  input: garbled(jwt),
  holds(text) {
    const read = readJwt(text, claims);
    const data = { account, username: 'alice', device, jwt: text, expiresAt: 1 };
    const granted = readGrant({ ...respond(request, 1, { phrase: 'LOGIN_SUCCESSFUL' }), data }, device, 1e12);
    // Only the signed claims are trusted.
    const isTheSame = text.split('.', 2).join('.') === jwt.split('.', 2).join('.');
    return read.ok === isGenuine(text) && (!read.ok || isTheSame) && ('fault' in granted || isTheSame);
  },
});
/** Base64 has several spellings of one signature. */
const isGenuine = (text: string): boolean => readJwt(text, z.unknown()).ok;

const onlyRangeError = (work: () => unknown): boolean => {
  try {
    work();
    return true;
  } catch (thrown) {
    return thrown instanceof RangeError;
  }
};
fuzz('the keys of the broker', {
  input: garbled(key.seed, key.publicKey, issuer.seed, issuer.publicKey),
  holds: (text) => onlyRangeError(() => nkeyFromSeed(text)) && onlyRangeError(() => rawPublicKey(text)),
});

const connected = {
  server: { id: 'N1' },
  client: { id: 7, user: device, name_tag: account, start: '2026-01-01T00:00:00Z' },
};
fuzz("the broker's list of connections", {
  input: garbledBytes(Buffer.from(json(connected))),
  holds: (bytes) => {
    const change = readChange('CONNECT', bytes, 'devices', silentLog);
    return change === undefined || change.connection?.device.length === 56;
  },
});
