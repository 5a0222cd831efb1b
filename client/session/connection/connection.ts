// One use of a connection to the broker, from the attempt to connect to the end. It does not decide when to connect.
import type { Bus } from '../../../core/bus/bus.js';
import { BusError, type BusFailure } from '../../../core/bus/connection/failure.js';
import type { BusEvent } from '../../../core/bus/connection/bus-event.js';
import { messageOf } from '../../../core/errors.js';
import type { Log } from '../../../core/log.js';
import type { Admit } from '../auth/admission.js';
import type { Role } from './gate.js';
import type { Schedule } from '../../../core/time/clock.js';
import { delay } from '../../../core/time/wait.js';

const DRAIN_MS = 2_000;

/** Why the use of a connection ended; null if this terminal ended it. */
export type ConnectionEnd = {
  readonly reason: string;
  readonly isRefused: boolean;
  /** The remedy, for a person; absent if waiting is enough. */
  readonly remedy?: string;
} | null;

/** The connection, for the code that uses it. */
export interface ConnectionUse {
  readonly bus: Bus;
  /** Aborted when the connection ends, for any cause. */
  readonly over: AbortSignal;
  /** Calls `open` now, and again each time the connection is restored after an interruption. */
  readonly serve: (open: () => void) => void;
}

export interface ConnectionParts {
  readonly role: Role;
  readonly admit: Admit;
  /** The broker's address, used in messages to the user. */
  readonly broker: string;
  readonly schedule: Schedule;
  readonly log: Log;
  /** Uses the connection. The connection stays open after the promise resolves. */
  readonly use: (use: ConnectionUse) => void | Promise<void>;
  /**
   * Called when the connection is interrupted or ends. The reason is null if the connection has ended, or if this terminal
   * requested the interruption.
   */
  readonly onDown: (reason: string | null) => void;
}

export interface BrokerConnection {
  readonly isConnecting: boolean;
  /** Resolves when the connection is closed; never rejects. */
  readonly ended: Promise<ConnectionEnd>;
  /** Delivers what was sent, then closes the connection. Requests that wait for an answer fail. */
  end(): void;
}

export function openConnection({
  role,
  admit,
  broker,
  schedule,
  log,
  use,
  onDown,
}: ConnectionParts): BrokerConnection {
  const over = new AbortController();
  let ending: ConnectionEnd = null;
  let isConnecting = true;
  let open: (() => void) | null = null;
  /** The number of attempts of a reconnection that this terminal requested; null if it has requested none. */
  let tries: number | null = null;

  const end = (how: ConnectionEnd): void => {
    if (over.signal.aborted) return;
    ending = how;
    over.abort();
    onDown(null);
  };

  const follow = (status: BusEvent): void => {
    if (over.signal.aborted) return;
    switch (status.type) {
      case 'connected':
        tries = null;
        return open?.();
      case 'disconnected':
        tries = status.isAsked ? 0 : null;
        return onDown(status.isAsked ? null : sentence(status.reason));
      case 'reconnecting':
        if (tries === null) return;
        tries += 1;
        if (tries === 2) onDown(sentence('the broker does not accept the new connection'));
        return;
      case 'expired':
      case 'unauthorized':
        return end({ reason: refusal(role), isRefused: true });
      case 'closed':
        return end({ reason: sentence(status.reason ?? 'the connection was closed'), isRefused: false });
      case 'denied':
        return log.warn({ role, ...status }, 'the broker denied an operation of this terminal');
    }
  };

  const run = async (): Promise<ConnectionEnd> => {
    let bus: Bus;
    try {
      bus = await admit(role, follow);
    } catch (error) {
      end(lossOf(error));
      return ending;
    } finally {
      isConnecting = false;
    }
    const left = aborted(over.signal).then(() => leave(bus, schedule, log));
    const serve = (doOpen: () => void): void => {
      open = doOpen;
      if (bus.isConnected && !over.signal.aborted) open();
    };
    try {
      if (!over.signal.aborted) await use({ bus, over: over.signal, serve });
    } catch (error) {
      end(lossOf(error));
    }
    await left;
    return ending;
  };

  const lossOf = (error: unknown): ConnectionEnd => {
    if (error instanceof BusError) {
      return { reason: unreachable(role, error.kind, broker), isRefused: error.kind === 'unauthorized' };
    }
    log.error({ err: error, role }, 'the session failed');
    return { reason: `This is a defect of the program: ${messageOf(error)}.`, isRefused: false };
  };

  return {
    get isConnecting() {
      return isConnecting;
    },
    ended: run(),
    end: () => end(null),
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function leave(bus: Bus, schedule: Schedule, log: Log): Promise<void> {
  const isDrained = new AbortController();
  try {
    // Limit the wait: if the broker hangs, the drain would last until the heartbeat fails.
    await Promise.race([bus.drain(), delay(schedule, DRAIN_MS, isDrained.signal)]);
    await bus.close();
  } catch (error) {
    log.warn({ err: error }, 'the connection to the broker did not close cleanly');
  } finally {
    isDrained.abort();
  }
}

function refusal(role: Role): string {
  return role === 'guest'
    ? 'The broker does not accept this invite. Ask the operator of the tracker for the current invite.'
    : "The broker no longer accepts this terminal's credentials.";
}

function unreachable(role: Role, failure: BusFailure, broker: string): string {
  switch (failure) {
    case 'unauthorized':
    case 'denied':
      return refusal(role);
    case 'untrusted':
      return `The server at ${broker} does not prove to be the broker of this invite, so nothing was sent to it. Ask the operator of the tracker for the current invite. If it is the same, somebody may be intercepting the connection.`;
    case 'timeout':
      return `The broker at ${broker} does not answer.`;
    case 'disconnected':
    case 'no-responders':
    case 'too-large':
      return `The broker at ${broker} cannot be reached.`;
  }
}

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
