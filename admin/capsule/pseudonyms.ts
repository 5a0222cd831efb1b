// The pseudonyms of one capsule: for each id, name and time of the log a value of the same shape. They come from a random key
// that nobody keeps, so nobody can compute a real value or compare two capsules.
import { createHmac } from 'node:crypto';
import { publicNKey } from '../../core/bus/credentials/nkey.js';
import { invariant, OperatorError } from '../../core/errors.js';
import { foldName } from '../../core/protocol/names.js';
import type { TextClass } from './classes.js';

export interface PseudonymParts {
  /** At least 32 random bytes. */
  readonly key: Uint8Array;
  /** The ids that occur. The pseudonyms of accounts and rooms keep the order of their ids, and so do those of devices. */
  readonly ids: ReadonlySet<string>;
  readonly devices: ReadonlySet<string>;
  /** The time of the first event. */
  readonly firstTime: number;
}

/** Given the same parts and the same order of calls, all methods give the same answers. */
export interface Pseudonyms {
  /** The pseudonym of the id of an account or a room; null if it does not occur. */
  id(id: string): string | null;
  device(device: string): string | null;
  /** The pseudonym of the id of a command or a correlation: a ULID. */
  request(id: string): string;
  /** Throws an `OperatorError` for a time so far from all others that its distance would reveal the real times. */
  time(timeMs: number): number;
  /** The pseudonym of a name or text. An empty text stays empty. @param owner the stream whose name it is */
  text(kind: TextClass, text: string, owner: string): string;
  /** A salt, or the digest of a redacted part, for the event at a position. */
  salt(position: number): string;
  digest(position: number): string;
  /** The pseudonyms of users and rooms so far, each with its name. */
  readonly named: ReadonlyMap<string, string>;
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ULID_LENGTH = 26;
/** The first character of a ULID has three bits. */
const FIRST_CHARACTERS = 8;
const EARLIEST = Date.UTC(2001, 0, 1);
const LATEST = Date.UTC(2010, 0, 1);
/** A machine without a clock may record a time in 1970. The distance of that time from the others would reveal the real times. */
const MAX_DISTANCE_MS = 20 * 366 * 86_400_000;

export function createPseudonyms({ key, ids, devices, firstTime }: PseudonymParts): Pseudonyms {
  const named = new Map<string, string>();
  const names = new Map<string, string>();
  const counts = new Map<TextClass, number>();

  const mac = (purpose: string, text: string): Buffer =>
    createHmac('sha256', key).update(`${purpose}\0${text}`).digest();
  const ulid = (purpose: string, text: string): string =>
    [...mac(purpose, text).subarray(0, ULID_LENGTH)]
      .map((byte, index) => CROCKFORD[byte % (index === 0 ? FIRST_CHARACTERS : CROCKFORD.length)])
      .join('');
  const ofIds = inOrder(ids, (id) => ulid('id', id));
  const ofDevices = inOrder(devices, (device) => publicNKey('user', mac('device', device)));
  const start = EARLIEST + (mac('time', '').readUIntBE(0, 6) % (LATEST - EARLIEST));

  function numbered(kind: TextClass): string {
    const number = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, number);
    return `${kind}-${number}`;
  }

  return {
    named,
    id: (id) => ofIds.get(id) ?? null,
    device: (device) => ofDevices.get(device) ?? null,
    request: (id) => ulid('request', id),
    time(timeMs) {
      const distance = timeMs - firstTime;
      if (Math.abs(distance) <= MAX_DISTANCE_MS) return start + distance;
      throw new OperatorError(
        'a time in the log is more than 20 years away from the first time, and this distance could reveal the real times',
        'Give --until with a moment before that time. `partyline admin log` shows the times.',
      );
    },
    text(kind, text, owner) {
      if (text === '') return '';
      // Only names are compared: equal reasons and topics get different numbers.
      if (kind !== 'user' && kind !== 'room') return numbered(kind);
      const name = `${owner}\0${foldName(text)}`;
      const known = names.get(name);
      if (known !== undefined) return known;
      const pseudonym = numbered(kind);
      names.set(name, pseudonym);
      named.set(pseudonym, text);
      return pseudonym;
    },
    salt: (position) => mac('salt', String(position)).subarray(0, 16).toString('base64url'),
    digest: (position) => mac('digest', String(position)).toString('hex'),
  };
}

/** Gives each value a pseudonym. The pseudonyms have the order of the values. */
function inOrder(
  values: ReadonlySet<string>,
  pseudonymOf: (value: string) => string,
): ReadonlyMap<string, string> {
  const pseudonyms = [...values].map(pseudonymOf).toSorted();
  return new Map(
    [...values].toSorted().map((value, index) => {
      const pseudonym = pseudonyms[index];
      invariant(pseudonym !== undefined, 'a value has no pseudonym');
      return [value, pseudonym];
    }),
  );
}
