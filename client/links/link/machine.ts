// When a link is dialled, open, waiting to be dialled again, or given up. Pure: chance and results come in with events.
import { assign, type EventObject, fromCallback, not, setup } from 'xstate';
import type { CarrierKind } from '../carrier.js';
import type { Failure } from '../failure.js';
import { BACKOFF_MAX_MS, BACKOFF_MIN_MS } from '../limits.js';

const REMEMBERED_ATTEMPTS = 16;

/** One try to link, whichever side made it. */
export interface LinkAttempt {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly carrier: CarrierKind;
  /** The address or way, for people. */
  readonly via: string;
  /** Null if it opened. */
  readonly failure: Failure | null;
}

export type LinkEvent =
  /** The device was introduced, or once more with fresh candidates. */
  | { readonly type: 'INTRODUCED' }
  /** One route of a dialling, or of an improvement, led nowhere. */
  | { readonly type: 'TRIED'; readonly attempt: LinkAttempt }
  /** The dialling in progress came to nothing. `draw` in [0, 1) spreads the redials of many. */
  | { readonly type: 'FAILED'; readonly failure: Failure; readonly draw: number }
  /** A carrier is open, dialled by either side; if one was open already, this one takes its place. */
  | { readonly type: 'CONNECTED'; readonly attempt: LinkAttempt }
  /** The open carrier is gone; `wasUseful` if the peer had answered on it, so that a redial may be quick. */
  | { readonly type: 'LOST'; readonly failure: Failure; readonly wasUseful: boolean; readonly draw: number }
  /** Another carrier is wanted from now on; one that was open and is not wanted has been closed. */
  | { readonly type: 'RECHOSEN' }
  | { readonly type: 'FORGOTTEN' };

/** What a link does while it is in a state; each gives what stops it. */
export interface Driver {
  /** Sends TRIED, FAILED or CONNECTED. */
  dial(): () => void;
  /** Tries better carriers while one is open; sends TRIED or CONNECTED. */
  improve(): () => void;
}

export interface LinkContext {
  readonly driver: Driver;
  /** This side dials; otherwise it waits for the other. */
  readonly dials: boolean;
  /** Why the link is not open; null before the first failure and while open. */
  readonly failure: Failure | null;
  /** The attempt whose carrier is open. */
  readonly open: LinkAttempt | null;
  /** Newest last. */
  readonly attempts: readonly LinkAttempt[];
  /** In a row, without a useful link between. */
  readonly failures: number;
  readonly backoffMs: number;
}

/** Milliseconds before the redial after so many failures: doubling from 0.2 s to 5 s, less up to half by `draw`. */
export function backoffMs(failures: number, draw: number): number {
  const wholeMs = BACKOFF_MIN_MS * 2 ** Math.min(failures - 1, 10);
  return Math.min(BACKOFF_MAX_MS, wholeMs) * (1 - draw / 2);
}

const remember = (attempts: readonly LinkAttempt[], attempt: LinkAttempt): readonly LinkAttempt[] =>
  [...attempts, attempt].slice(-REMEMBERED_ATTEMPTS);

/**
 * The life of one link. `idle` is where the side that does not dial waits for the other. There is one machine for all links,
 * and each has a driver of its own: a machine for each would be half of what a link costs in memory.
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
