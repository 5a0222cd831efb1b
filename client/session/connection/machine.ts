// The state machine of a session. Its inputs are facts with their reasons. It does no I/O and has no clock.
import { assign, setup } from 'xstate';

/** An event of a session; `reason` is a sentence for the user. */
export type SessionFact =
  | { readonly type: 'GUEST_ADMITTED'; readonly reason: string }
  | { readonly type: 'DEVICE_ADMITTED'; readonly reason: string }
  | { readonly type: 'AUTHENTICATION_BEGAN'; readonly reason: string }
  | { readonly type: 'AUTHENTICATION_REFUSED'; readonly reason: string }
  | { readonly type: 'CONNECTION_LOST'; readonly reason: string; readonly remedy?: string }
  | { readonly type: 'IDENTITY_FORGOTTEN'; readonly reason: string }
  | { readonly type: 'AWAY_TOO_LONG' };

interface SessionContext {
  /** Why the session is in its state. */
  readonly reason: string;
  /** The remedy, for a person; null if waiting is enough. */
  readonly remedy: string | null;
  /** Whether the session has had no connection for so long that the next loss leads to `offline` at once. */
  readonly isOverdue: boolean;
}

export const sessionMachine = setup({
  types: {
    context: {} as SessionContext,
    events: {} as SessionFact,
    input: {} as { readonly reason: string },
  },
  guards: {
    isOverdue: ({ context }) => context.isOverdue,
  },
  actions: {
    because: assign({
      reason: ({ context, event }) => ('reason' in event ? event.reason : context.reason),
      remedy: ({ event }) => ('remedy' in event ? (event.remedy ?? null) : null),
    }),
    beOverdue: assign({ isOverdue: true }),
    beBack: assign({ isOverdue: false }),
  },
}).createMachine({
  id: 'session',
  initial: 'connecting',
  context: ({ input }) => ({ reason: input.reason, remedy: null, isOverdue: false }),
  on: {
    GUEST_ADMITTED: { target: '.guest', actions: 'because' },
    DEVICE_ADMITTED: { target: '.online', actions: 'because' },
    AUTHENTICATION_BEGAN: { target: '.authenticating', actions: 'because' },
    CONNECTION_LOST: [
      { guard: 'isOverdue', target: '.offline', actions: 'because' },
      { target: '.reconnecting', actions: 'because' },
    ],
    IDENTITY_FORGOTTEN: { target: '.connecting', actions: 'because' },
  },
  states: {
    connecting: {
      on: { AWAY_TOO_LONG: { target: 'offline', actions: 'beOverdue' } },
    },
    guest: {
      entry: 'beBack',
    },
    authenticating: {
      on: {
        AUTHENTICATION_REFUSED: { target: 'guest', actions: 'because' },
        // During a login the state does not become `offline`. The next loss of the connection makes it `offline`.
        AWAY_TOO_LONG: { actions: 'beOverdue' },
      },
    },
    online: {
      entry: 'beBack',
      // Ignore these facts: only a forgotten identity or a lost connection ends the state `online`.
      on: { GUEST_ADMITTED: {}, AUTHENTICATION_BEGAN: {} },
    },
    reconnecting: {
      on: { AWAY_TOO_LONG: { target: 'offline', actions: 'beOverdue' } },
    },
    offline: {},
  },
});
