import test, { type ExecutionContext } from 'ava';
import * as fc from 'fast-check';
import { createTrackerHost, type TrackerHost } from '../../../actors/host.js';
import { subjectOf } from '../../../actors/notices/notices.js';
import type { RoomCommand } from '../../../actors/room/commands.js';
import { createMemoryStore } from '../../../core/events/memory-store.js';
import { isApplicable, type RecordedEvent } from '../../../core/events/event.js';
import type { EventStore } from '../../../core/events/store.js';
import type { AccountId } from '../../../core/ids.js';
import { countedSalts, handClock } from '../../core/events/samples.js';
import { newDeviceId } from '../../support/identities.js';
import { ann, ben, cat, dan, eve, fay } from '../people.js';
import { openRulebook } from './rulebook.js';
import { roomStateOf } from './room-state.js';

const SCHEDULES = 1_000;
const ABSENCE_MS = 24 * 3_600_000;
const ROOM = 'r1';
const people = [ann, ben, cat, dan, eve, fay] as const;

/** One concurrent action on the room. */
type Step =
  | { readonly kind: 'comes' | 'leaves' | 'connects' | 'disconnects' | 'renames'; readonly who: AccountId }
  | {
      readonly kind: 'promotes' | 'demotes' | 'names' | 'removes';
      readonly who: AccountId;
      readonly whom: AccountId;
    }
  /** The tracker reports that no admin is online. */
  | { readonly kind: 'misses' }
  /** Time passes, and the tracker checks the deadline. */
  | { readonly kind: 'waits'; readonly ms: number };

const who = fc.constantFrom(...people);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('comes' as const, 'leaves' as const), who }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('connects' as const, 'disconnects' as const, 'renames' as const),
      who,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('promotes' as const, 'demotes' as const, 'names' as const, 'removes' as const),
      who,
      whom: who,
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'misses' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('waits' as const),
      ms: fc.constantFrom(1, ABSENCE_MS / 2, ABSENCE_MS),
    }),
  },
);

interface Scene {
  /** Two hosts, like two trackers on one database. */
  readonly hosts: readonly [TrackerHost, TrackerHost];
  readonly store: EventStore;
  readonly clock: ReturnType<typeof handClock>;
}

/** A store whose concurrent calls run in the order that `scheduler` picks. */
function openScene(scheduler: fc.Scheduler): Scene {
  const clock = handClock();
  const store = createMemoryStore({ clock, newSalt: countedSalts(), signHead: () => 'unsigned' });
  const shuffled: EventStore = {
    ...store,
    append: scheduler.scheduleFunction((asked) => store.append(asked)),
    readStream: scheduler.scheduleFunction((stream, slice) => store.readStream(stream, slice)),
  };
  const hostOf = (): TrackerHost => createTrackerHost({ store: shuffled, clock });
  return { hosts: [hostOf(), hostOf()], store, clock };
}

const reason = { personal: { reason: '' } };

function commandOf(step: Step, now: number, online: ReadonlySet<AccountId>): RoomCommand | null {
  switch (step.kind) {
    case 'comes':
      return { type: 'JoinRoom', account: step.who, roomsOfAccount: 0 };
    case 'leaves':
      return { type: 'LeaveRoom', account: step.who };
    case 'connects':
      return { type: 'AdminReturned', account: step.who };
    case 'disconnects':
    case 'renames':
      return null;
    case 'promotes':
      return { type: 'PromoteMember', account: step.who, target: step.whom };
    case 'demotes':
      return { type: 'DemoteAdmin', account: step.who, target: step.whom };
    case 'names':
      return { type: 'NameSuccessor', account: step.who, target: step.whom };
    case 'removes':
      return { type: 'RemoveMember', account: step.who, target: step.whom, ...reason };
    case 'misses':
      return { type: 'AdminsAbsent', deadline: now + ABSENCE_MS };
    case 'waits':
      return { type: 'Tick', now, online: [...online] };
  }
}

const metadataOf = (commandId: string) => ({
  account: null,
  device: null,
  commandId,
  correlationId: commandId,
  causationId: null,
  traceparent: null,
});

/** Sends all steps of a schedule concurrently, each to one of the hosts. Resolves when all are answered. */
async function play({ hosts, clock }: Scene, steps: readonly Step[], scheduler: fc.Scheduler) {
  const sent = new Map<string, RoomCommand>();
  const online = new Set<AccountId>(people);
  const answers: Promise<unknown>[] = [];
  const send = (command: RoomCommand, host: TrackerHost): void => {
    const id = `c-${sent.size}`;
    sent.set(id, command);
    answers.push(host.send({ kind: 'room', id: ROOM, command, metadata: metadataOf(id) }));
  };
  const creation = { type: 'CreateRoom', account: ann, roomsOfAccount: 0, isPrivate: false } as const;
  send({ ...creation, personal: { name: 'Lobby' } }, hosts[0]);
  for (const account of people) {
    const command = {
      type: 'RegisterAccount',
      account,
      device: newDeviceId(),
      personal: { username: account, deviceName: 'desk' },
    } as const;
    answers.push(
      hosts[0].send({ kind: 'account', id: account, command, metadata: metadataOf(`r-${account}`) }),
    );
  }
  for (const account of [ben, cat, dan]) send({ type: 'JoinRoom', account, roomsOfAccount: 0 }, hosts[0]);
  await scheduler.waitFor(Promise.all(answers));
  for (const [index, step] of steps.entries()) {
    if (step.kind === 'connects') online.add(step.who);
    if (step.kind === 'disconnects') online.delete(step.who);
    if (step.kind === 'waits') clock.advance(step.ms);
    const host = hosts[index % 3 === 0 ? 1 : 0];
    const command = commandOf(step, clock.now(), online);
    if (command !== null) send(command, host);
    // The account has its own stream, so its command runs concurrently with the room's.
    else if (step.kind === 'renames') {
      const personal = { username: `${step.who}-${index}`, formerly: step.who };
      const renaming = { type: 'RenameAccount', account: step.who, at: clock.now(), personal } as const;
      answers.push(
        host.send({ kind: 'account', id: step.who, command: renaming, metadata: metadataOf(`a-${index}`) }),
      );
    }
  }
  await scheduler.waitFor(Promise.all(answers));
  return sent;
}

/** The commands in the order of the log, each with its events. */
function accountsOf(events: readonly RecordedEvent[], sent: ReadonlyMap<string, RoomCommand>) {
  const done = new Map<string, string[]>();
  for (const event of events) {
    const { type, metadata } = event;
    const lines = done.get(metadata.commandId) ?? [];
    lines.push(`${type} ${subjectOf(event)}`);
    done.set(metadata.commandId, lines);
  }
  return [...done].map(([id, lines]) => ({ command: sent.get(id), lines }));
}

async function replay(t: ExecutionContext, { store }: Scene, sent: ReadonlyMap<string, RoomCommand>) {
  const events = (await store.readStream(`room-${ROOM}`, { fromVersion: 1, limit: 10_000 })).filter(
    isApplicable,
  );
  t.deepEqual(
    events.map(({ version }) => version),
    events.map((_, index) => index + 1),
  );
  const rules = openRulebook();
  for (const { command, lines } of accountsOf(events, sent)) {
    if (command === undefined) throw new Error('an event has an unknown command');
    t.deepEqual(lines, rules.perform(command), JSON.stringify(command));
  }
  return { rules, events };
}

test(`room: given ${SCHEDULES} schedules of concurrent departures, returns and successions, then the admins are always those of the rulebook`, async (t) => {
  t.timeout(180_000);
  let successions = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(step, { minLength: 5, maxLength: 40, size: 'max' }),
      async (scheduler, steps) => {
        const scene = openScene(scheduler);
        const sent = await play(scene, steps, scheduler);
        const { rules, events } = await replay(t, scene, sent);
        successions += events.filter(({ type }) => type === 'AdminSucceeded').length;
        for (const host of scene.hosts) {
          const room = await scheduler.waitFor(host.peek('room', ROOM));
          t.deepEqual(roomStateOf(room), rules.state(), 'both hosts see the same leader');
        }
      },
    ),
    { numRuns: SCHEDULES },
  );
  t.true(successions > SCHEDULES / 10, `${successions} successions`);
});
