// The state machine of one link: idle, dialling, open, waiting to redial, closed. Pure: randomness and results arrive with events.
import { assign, type EventObject, fromCallback, not, setup } from 'xstate';
import type { CarrierKind } from '../carrier.js';
import type { Schedule } from '../../../core/time/clock.js';
import type { Failure } from '../failure.js';
import { BACKOFF_MAX_MS, BACKOFF_MIN_MS } from '../limits.js';

const REMEMBERED_ATTEMPTS = 16;

/** One attempt to connect, made by either side. */
export interface LinkAttempt {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly carrier: CarrierKind;
  /** The address or route, for users. */
  readonly via: string;
  /** The failure of the attempt; null if it succeeded. */
  readonly failure: Failure | null;
}

export type LinkEvent =
  /** The device was introduced, or introduced again with new candidates. */
  | { readonly type: 'INTRODUCED' }
  /** One route failed while dialling or improving. */
  | { readonly type: 'TRIED'; readonly attempt: LinkAttempt }
  /** All routes failed. `at` is the time. `draw` is a random number in [0, 1), which spreads the redials of many links. */
  | { readonly type: 'FAILED'; readonly at: number; readonly failure: Failure; readonly draw: number }
  /** A connection opened, dialled by either side. It replaces an open connection. */
  | { readonly type: 'CONNECTED'; readonly attempt: LinkAttempt }
  /** The open connection was lost. `wasUseful`: the peer had answered a ping on this connection, so the redial may come soon. */
  | {
      readonly type: 'LOST';
      readonly at: number;
      readonly failure: Failure;
      readonly wasUseful: boolean;
      readonly draw: number;
    }
  /** The user chose another carrier. If the open connection used a carrier that is no longer allowed, it is already closed. */
  | { readonly type: 'RECHOSEN' }
  | { readonly type: 'FORGOTTEN' };

/** The work of a link in a state. Each function starts the work and returns a function that stops it. */
export interface Driver {
  /** Dials once; sends the events TRIED, FAILED or CONNECTED to the machine. */
  dial(): () => void;
  /** Tries better carriers while a connection is open; sends the events TRIED or CONNECTED to the machine. */
  improve(): () => void;
}

export interface LinkContext {
  readonly driver: Driver;
  /** Whether this side dials; otherwise it waits for the other side. */
  readonly dials: boolean;
  /** The reason why the link is not open; null before the first failure and while open. */
  readonly failure: Failure | null;
  /** The attempt that opened the current connection. */
  readonly open: LinkAttempt | null;
  /** Newest last. */
  readonly attempts: readonly LinkAttempt[];
  /** Failures in a row, without a useful connection in between. */
  readonly failures: number;
  readonly backoffMs: number;
  /** The time of the last failure or loss, from which `backoffMs` counts; milliseconds since the Unix epoch. */
  readonly failedAt: number;
}

/** Milliseconds before the redial after this many failures: doubled from 0.2 s up to 5 s, and shortened by up to half by `draw`. */
export function backoffMs(failures: number, draw: number): number {
  const wholeMs = BACKOFF_MIN_MS * 2 ** Math.min(failures - 1, 10);
  return Math.min(BACKOFF_MAX_MS, wholeMs) * (1 - draw / 2);
}

const remember = (attempts: readonly LinkAttempt[], attempt: LinkAttempt): readonly LinkAttempt[] =>
  [...attempts, attempt].slice(-REMEMBERED_ATTEMPTS);

/**
 * The states of one link. In `idle`, the side that does not dial waits for the peer. All links share this machine, and each link
 * has its own driver. A separate machine for each link would take half of the memory of a link.
 */
export const linkMachine = setup({
  types: {
    context: {} as LinkContext,
    events: {} as LinkEvent,
    input: {} as Pick<LinkContext, 'dials' | 'driver'>,
  },
  actors: {
    dial: fromCallback<EventObject, Driver>(({ input }) => input.dial()),
    improve: fromCallback<EventObject, Driver>(({ input }) => input.improve()),
  },
  delays: { backoff: ({ context }) => context.backoffMs },
  guards: { dials: ({ context }) => context.dials },
}).createMachine({
  id: 'link',
  initial: 'idle',
  context: ({ input }) => ({
    ...input,
    failure: null,
    open: null,
    attempts: [],
    failures: 0,
    backoffMs: 0,
    failedAt: 0,
  }),
  on: {
    CONNECTED: {
      target: '.open',
      actions: assign(({ context, event }) => ({
        open: event.attempt,
        failure: null,
        attempts: remember(context.attempts, event.attempt),
      })),
    },
    TRIED: {
      actions: assign(({ context, event }) => ({ attempts: remember(context.attempts, event.attempt) })),
    },
    RECHOSEN: [
      { guard: 'dials', target: '.dialing', actions: assign({ open: null, failure: null, failures: 0 }) },
      { target: '.idle', actions: assign({ open: null, failure: null, failures: 0 }) },
    ],
    FORGOTTEN: { target: '.closed', actions: assign({ open: null }) },
  },
  states: {
    idle: {
      on: { INTRODUCED: { guard: 'dials', target: 'dialing' } },
    },
    dialing: {
      invoke: { src: 'dial', input: ({ context }) => context.driver },
      on: {
        INTRODUCED: { target: 'dialing', reenter: true },
        FAILED: {
          target: 'waiting',
          actions: assign(({ context, event }) => ({
            failure: event.failure,
            failedAt: event.at,
            failures: context.failures + 1,
            backoffMs: backoffMs(context.failures + 1, event.draw),
          })),
        },
      },
    },
    open: {
      invoke: { src: 'improve', input: ({ context }) => context.driver },
      on: {
        LOST: {
          target: 'waiting',
          actions: assign(({ context, event }) => {
            const failures = event.wasUseful ? 1 : context.failures + 1;
            return {
              open: null,
              failure: event.failure,
              failedAt: event.at,
              failures,
              backoffMs: backoffMs(failures, event.draw),
            };
          }),
        },
      },
    },
    waiting: {
      always: { guard: not('dials'), target: 'idle' },
      after: { backoff: 'dialing' },
      on: { INTRODUCED: { target: 'dialing', actions: assign({ failure: null, failures: 0 }) } },
    },
    closed: { type: 'final' },
  },
});

/** Adapts a schedule to the interface that XState uses for timers. */
export const machineClock = (schedule: Schedule) => ({
  setTimeout: (run: () => void, delayMs: number) => schedule(delayMs, run),
  clearTimeout: (cancel: () => void) => cancel(),
});
