// An aggregate for the specs: a library's loan desk, with one title, some copies, and readers who borrow or wait.
import { assign, setup } from 'xstate';
import { z } from 'zod';
import { defineAggregate } from '../../../core/actor/aggregate.js';
import { machineTypes, nothingToDo, record, refuse } from '../../../core/actor/record.js';

interface LoanDeskContext {
  readonly copies: number;
  readonly loans: readonly { readonly reader: string; readonly dueAt: number }[];
  readonly waiting: readonly string[];
}

export type LoanDeskCommand =
  | { readonly type: 'OpenDesk'; readonly copies: number; readonly personal: { readonly title: string } }
  | { readonly type: 'Borrow'; readonly reader: string; readonly dueAt: number }
  | { readonly type: 'Return'; readonly reader: string; readonly dueAt: number }
  | { readonly type: 'CloseDesk'; readonly personal: { readonly why: string } };

type LoanDeskEvent =
  | { readonly type: 'DeskOpened'; readonly copies: number; readonly personal: { readonly title: string } }
  | { readonly type: 'Lent'; readonly reader: string; readonly dueAt: number }
  | { readonly type: 'Queued'; readonly reader: string }
  | { readonly type: 'Returned'; readonly reader: string }
  | { readonly type: 'DeskClosed'; readonly personal: { readonly why: string } };

type LoanDeskReason = 'NOT_OPEN' | 'ALREADY_OPEN' | 'NOT_BORROWED' | 'STILL_LENT' | 'TITLE_TAKEN';

const machine = setup({
  types: machineTypes<LoanDeskContext, LoanDeskCommand, LoanDeskEvent, LoanDeskReason>(),
  guards: {
    hasCopy: ({ context }) => context.loans.length < context.copies,
    hasLoans: ({ context }) => context.loans.length > 0,
    hasBorrowed: ({ context, event }) =>
      'reader' in event && context.loans.some(({ reader }) => reader === event.reader),
    isKnown: ({ context, event }) =>
      'reader' in event &&
      (context.waiting.includes(event.reader) || context.loans.some(({ reader }) => reader === event.reader)),
  },
}).createMachine({
  id: 'desk',
  context: { copies: 0, loans: [], waiting: [] },
  initial: 'unopened',
  on: {
    OpenDesk: { actions: refuse('ALREADY_OPEN') },
    Borrow: { actions: refuse('NOT_OPEN') },
    Return: { actions: refuse('NOT_OPEN') },
    CloseDesk: { actions: refuse('NOT_OPEN') },
  },
  states: {
    unopened: {
      on: {
        OpenDesk: {
          actions: record(({ event }) => [
            { type: 'DeskOpened', copies: event.copies, personal: event.personal },
          ]),
        },
        DeskOpened: { target: 'open', actions: assign({ copies: ({ event }) => event.copies }) },
      },
    },
    open: {
      on: {
        Borrow: [
          { guard: 'isKnown', actions: nothingToDo() },
          {
            guard: 'hasCopy',
            actions: record(({ event }) => [{ type: 'Lent', reader: event.reader, dueAt: event.dueAt }]),
          },
          { actions: record(({ event }) => [{ type: 'Queued', reader: event.reader }]) },
        ],
        Return: [
          {
            guard: 'hasBorrowed',
            actions: record(({ context, event }) => {
              const [next] = context.waiting;
              const returned = { type: 'Returned', reader: event.reader } as const;
              return next === undefined
                ? [returned]
                : [returned, { type: 'Lent', reader: next, dueAt: event.dueAt }];
            }),
          },
          {
            actions: refuse('NOT_BORROWED', ({ context }) => ({
              readers: context.loans.map(({ reader }) => reader),
            })),
          },
        ],
        CloseDesk: [
          { guard: 'hasLoans', actions: refuse('STILL_LENT') },
          { actions: record(({ event }) => [{ type: 'DeskClosed', personal: event.personal }]) },
        ],
        Lent: {
          actions: assign({
            loans: ({ context, event }) => [...context.loans, { reader: event.reader, dueAt: event.dueAt }],
            waiting: ({ context, event }) => context.waiting.filter((reader) => reader !== event.reader),
          }),
        },
        Queued: { actions: assign({ waiting: ({ context, event }) => [...context.waiting, event.reader] }) },
        Returned: {
          actions: assign({
            loans: ({ context, event }) => context.loans.filter(({ reader }) => reader !== event.reader),
          }),
        },
        DeskClosed: 'closed',
      },
    },
    closed: {},
  },
});

export const loanDesk = defineAggregate({
  kind: 'desk',
  machine,
  commands: ['OpenDesk', 'Borrow', 'Return', 'CloseDesk'],
  events: { DeskOpened: 1, Lent: 2, Queued: 1, Returned: 1, DeskClosed: 1 },
  // An earlier schema version stored the day as text.
  upcasters: [
    {
      type: 'Lent',
      from: 1,
      upcast: ({ due, ...payload }) => ({ ...payload, dueAt: Date.parse(z.string().parse(due)) }),
    },
  ],
  machineVersion: 1,
  reservations(event, id) {
    if (event.type === 'DeskOpened') {
      return [{ action: 'claim', kind: 'title', name: event.personal.title.toLowerCase(), owner: id }];
    }
    if (event.type === 'DeskClosed') return [{ action: 'release', kind: 'title', name: null, owner: id }];
    return [];
  },
  reserved: ({ name }) => ({ reason: 'TITLE_TAKEN', detail: { title: name } }),
});
