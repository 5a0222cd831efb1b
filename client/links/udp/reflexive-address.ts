// How this device looks from outside its NAT: asks a reflector at several ports and compares what they saw. Knows no peer.
import { randomBytes } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import {
  decodeReflection,
  encodeQuestion,
  REFLECTION_TOKEN_BYTES,
} from '../../../core/protocol/reflection.js';
import { formatAddress } from '../addresses.js';
import type { Candidate } from '../carrier.js';

const ASK_EVERY_MS = 100;
const QUESTIONS = 5;

/** `steady`: every port sees this device at one address; `changing`: each at another, so that nobody can punch through. */
export type Nat = 'unknown' | 'steady' | 'changing';

export interface ReflexiveAddressQuery {
  /** By the last answers. */
  readonly nat: Nat;
  /** Where others may find this device: one address, or none when there is no such or nobody answers in half a second. */
  ask(reflectors: readonly Candidate[]): Promise<readonly Candidate[]>;
  /** Whether these bytes were an answer. */
  receive(bytes: Buffer): boolean;
}

export function createReflexiveAddressQuery(
  send: (bytes: Buffer, to: Candidate) => void,
): ReflexiveAddressQuery {
  const waiting = new Map<string, (address: Candidate) => void>();
  let nat: Nat = 'unknown';

  const askOne = (reflector: Candidate): Promise<Candidate | null> =>
    new Promise((resolve) => {
      const token = randomBytes(REFLECTION_TOKEN_BYTES).toString('hex');
      const question = encodeQuestion(token);
      let asked = 0;
      const settle = (address: Candidate | null): void => {
        clearInterval(timer);
        waiting.delete(token);
        resolve(address);
      };
      const ask = (): void => {
        if (asked === QUESTIONS) return settle(null);
        asked += 1;
        send(question, reflector);
      };
      const timer = setInterval(ask, ASK_EVERY_MS);
      waiting.set(token, settle);
      ask();
    });

  return {
    get nat() {
      return nat;
    },
    async ask(reflectors) {
      const answers = await Promise.all(reflectors.map(askOne));
      const seen = answers.filter((address) => address !== null);
      const [first, ...others] = seen;
      const isSame = others.every(
        (other) => first !== undefined && formatAddress(other) === formatAddress(first),
      );
      if (others.length > 0) nat = isSame ? 'steady' : 'changing';
      return first !== undefined && isSame ? [first] : [];
    },
    receive(bytes) {
      const answer = decodeReflection(bytes);
      if (answer === null) return false;
      waiting.get(answer.token)?.(answer.address);
      return true;
    },
  };
}

/** The reflector's addresses; none if the name is not known now. */
export async function reflectorAddresses(
  host: string,
  ports: readonly number[],
): Promise<readonly Candidate[]> {
  try {
    const { address } = await lookup(host);
    return ports.map((port) => ({ ip: address, port }));
  } catch {
    // The broker was found by the same name: it is the resolver that is away, and it is asked again in a while.
    return [];
  }
}
