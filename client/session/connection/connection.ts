// One connection to the broker, from the attempt to its end, whoever ends it. Why there is one is not its business.
import type { Bus } from '../../../core/bus/bus.js';
import { BusError, type BusFailure } from '../../../core/bus/connection/failure.js';
import type { BusStatus } from '../../../core/bus/connection/status.js';
import { messageOf } from '../../../core/errors.js';
import type { Log } from '../../../core/log.js';
import type { Admit } from '../auth/admission.js';
import type { Role } from './gate.js';
import { pause, type Timers } from '../timers.js';

const DRAIN_MS = 2_000;

/** Why a visit ended; null when this terminal wanted it. */
export type Ending = { readonly reason: string; readonly isRefused: boolean } | null;

/** What its user does with a connection. */
export interface Stay {
  readonly bus: Bus;
  /** Aborted at the end, whatever ended it. */
  readonly over: AbortSignal;
  /** Calls `open` now and each time the connection is back. */
  readonly serve: (open: () => void) => void;
}

export interface VisitParts {
  readonly role: Role;
  readonly admit: Admit;
  /** The broker's address, for sentences. */
  readonly broker: string;
  readonly timers: Timers;
  readonly log: Log;
  /** Uses the connection; it goes on after this has resolved. */
  readonly stay: (stay: Stay) => void | Promise<void>;
  /** The connection is interrupted and comes back by itself; with no reason if that was asked for, or if it is over. */
  readonly onDown: (reason: string | null) => void;
}

export interface Visit {
  readonly isConnecting: boolean;
  /** Resolves when nothing of it is left; never rejects. */
  readonly ended: Promise<Ending>;
  /** What was sent is delivered before the connection closes; what still waits for an answer over it fails. */
  end(): void;
}

export function beginVisit({ role, admit, broker, timers, log, stay, onDown }: VisitParts): Visit {
  const over = new AbortController();
  let ending: Ending = null;
  let isConnecting = true;
  let open: (() => void) | null = null;
  /** How often a reconnection that was asked for has been tried; null when there is none. */
  let tries: number | null = null;

  const end = (how: Ending): void => {
    if (over.signal.aborted) return;
    ending = how;
    over.abort();
    onDown(null);
  };

  const follow = (status: BusStatus): void => {
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
        if (tries === 2) onDown(sentence('the broker does not take the connection that was to be made anew'));
        return;
      case 'expired':
      case 'unauthorized':
        return end({ reason: refusal(role), isRefused: true });
      case 'closed':
        return end({ reason: sentence(status.reason ?? 'the connection was closed'), isRefused: false });
      case 'denied':
        return log.warn({ role, ...status }, 'the broker refused something to this terminal');
    }
  };

  const run = async (): Promise<Ending> => {
    let bus: Bus;
    try {
      bus = await admit(role, follow);
    } catch (error) {
      end(lossOf(error));
      return ending;
    } finally {
      isConnecting = false;
    }
    const left = aborted(over.signal).then(() => leave(bus, timers, log));
    const serve = (doOpen: () => void): void => {
      open = doOpen;
      if (bus.isConnected && !over.signal.aborted) open();
    };
    try {
      if (!over.signal.aborted) await stay({ bus, over: over.signal, serve });
    } catch (error) {
      end(lossOf(error));
    }
    await left;
    return ending;
  };

  const lossOf = (error: unknown): Ending => {
    if (error instanceof BusError) {
      return { reason: unreachable(role, error.kind, broker), isRefused: error.kind === 'unauthorized' };
    }
    log.error({ err: error, role }, 'the session failed');
    return { reason: `Something is wrong in the program itself: ${messageOf(error)}.`, isRefused: false };
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

async function leave(bus: Bus, timers: Timers, log: Log): Promise<void> {
  const isDrained = new AbortController();
  try {
    // A broker that hangs would keep the drain, and this terminal, for as long as its silence is not noticed.
    await Promise.race([bus.drain(), pause(timers, DRAIN_MS, isDrained.signal)]);
    await bus.close();
  } catch (error) {
    log.warn({ err: error }, 'the connection to the broker did not close cleanly');
  } finally {
    isDrained.abort();
  }
}

function refusal(role: Role): string {
  return role === 'guest'
    ? 'The broker does not accept this invite: ask whoever runs the tracker for its present one.'
    : "The broker no longer accepts this terminal's credentials.";
}

function unreachable(role: Role, failure: BusFailure, broker: string): string {
  switch (failure) {
    case 'unauthorized':
    case 'denied':
      return refusal(role);
    case 'untrusted':
      return `Whoever answers at ${broker} does not prove to be the broker of this invite, so nothing was sent there. Ask whoever runs the tracker for its present invite; if that is the same, somebody may be in between.`;
    case 'timeout':
      return `The broker at ${broker} does not answer.`;
    case 'disconnected':
    case 'no-responders':
    case 'too-large':
      return `The broker at ${broker} cannot be reached.`;
  }
}

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
