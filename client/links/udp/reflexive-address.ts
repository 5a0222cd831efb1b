// The reflexive address: the address that this device has outside its NAT. Several ports of a reflector are asked, and their
// answers are compared.
import { randomBytes } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import {
  decodeReflection,
  encodeQuestion,
  REFLECTION_TOKEN_BYTES,
} from '../../../core/protocol/reflection.js';
import type { Schedule } from '../../../core/time/clock.js';
import { every } from '../../../core/time/wait.js';
import { formatAddress } from '../addresses.js';
import type { Candidate } from '../carrier.js';

const ASK_INTERVAL_MS = 100;
const QUESTIONS = 5;

/**
 * How the NAT maps the port of this device (RFC 4787). `endpoint-independent`: to the same address for all peers.
 * `endpoint-dependent`: to a different port for each peer; then hole punching fails.
 */
export type NatMapping = 'unknown' | 'endpoint-independent' | 'endpoint-dependent';

export interface ReflexiveAddressQuery {
  /** The mapping according to the last answers. */
  readonly mapping: NatMapping;
  /**
   * Resolves with the address at which other devices may reach this device. Empty if the answers of the ports differ, or if no
   * port answers within half a second.
   */
  ask(reflectors: readonly Candidate[]): Promise<readonly Candidate[]>;
  /** Handles a datagram. Returns whether it was an answer of a reflector. */
  receive(bytes: Buffer): boolean;
}

export function createReflexiveAddressQuery(
  schedule: Schedule,
  send: (bytes: Buffer, to: Candidate) => void,
): ReflexiveAddressQuery {
  const waiting = new Map<string, (address: Candidate) => void>();
  let mapping: NatMapping = 'unknown';

  const askOne = (reflector: Candidate): Promise<Candidate | null> =>
    new Promise((resolve) => {
      const token = randomBytes(REFLECTION_TOKEN_BYTES).toString('hex');
      const question = encodeQuestion(token);
      let asked = 0;
      const settle = (address: Candidate | null): void => {
        stopAsking();
        waiting.delete(token);
        resolve(address);
      };
      const ask = (): void => {
        if (asked === QUESTIONS) return settle(null);
        asked += 1;
        send(question, reflector);
      };
      const stopAsking = every(schedule, ASK_INTERVAL_MS, ask);
      waiting.set(token, settle);
      ask();
    });

  return {
    get mapping() {
      return mapping;
    },
    async ask(reflectors) {
      const answers = await Promise.all(reflectors.map(askOne));
      const seen = answers.filter((address) => address !== null);
      const [first, ...others] = seen;
      const isSame = others.every(
        (other) => first !== undefined && formatAddress(other) === formatAddress(first),
      );
      if (others.length > 0) mapping = isSame ? 'endpoint-independent' : 'endpoint-dependent';
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

/** The reflector's addresses; empty if its name cannot be resolved now. */
export async function reflectorAddresses(
  host: string,
  ports: readonly number[],
): Promise<readonly Candidate[]> {
  try {
    const { address } = await lookup(host);
    return ports.map((port) => ({ ip: address, port }));
  } catch {
    // The broker has the same name and was reached, so only the DNS resolver fails now. The caller asks again later.
    return [];
  }
}
