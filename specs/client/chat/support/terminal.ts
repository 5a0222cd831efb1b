// One terminal of a spec: a chat over a real history, with a session to the spec's tracker and links of the spec's net.
import { createChat } from '../../../../client/chat/chat.js';
import type { ChatEvents } from '../../../../client/chat/events.js';
import type { Chat } from '../../../../client/chat/port.js';
import { openHistory } from '../../../../client/history/history.js';
import { createEvidenceFolder } from '../../../../client/profile/evidence.js';
import type { History } from '../../../../client/history/port.js';
import type { Links } from '../../../../client/links/links.js';
import { publicNKey } from '../../../../core/bus/credentials/nkey.js';
import { type DeviceId, deviceIdSchema, systemIds } from '../../../../core/ids.js';
import { generateSigningKey, type SigningKey } from '../../../../core/keys.js';
import { silentLog } from '../../../../core/log.js';
import {
  type RetentionSchedule,
  type RetentionSettings,
  scheduleRetention,
} from '../../../../client/history/retention/schedule.js';
import { createTimekeeping } from '../../../../client/history/timekeeping.js';
import { createTrackerClock, type TrackerClock } from '../../../../client/time/tracker-clock.js';
import { type Clock, systemClock, systemSchedule } from '../../../../core/time/clock.js';
import { until } from '../../../support/until.js';
import { SpecSession } from './session.js';
import type { SpecTracker } from './tracker.js';

export const newDevice = (): DeviceId => deviceOf(generateSigningKey());

export const deviceOf = (key: SigningKey): DeviceId =>
  deviceIdSchema.parse(publicNKey('user', key.publicKey));

export type ToldEvent = { [K in keyof ChatEvents]: { readonly name: K } & ChatEvents[K] }[keyof ChatEvents];

/** The parts of a terminal that survive its restart. */
export interface Profile {
  readonly username: string;
  readonly device: DeviceId;
  readonly key: SigningKey;
  readonly file: string;
  /** The clock of its machine. */
  readonly machine: Clock;
  /** The limits of the history; none by default. */
  readonly keeps: RetentionSettings;
  /** Whether a program uses it; false by default. */
  readonly isBot?: boolean;
}

export const KEEPS_ALL: RetentionSettings = { keepDays: undefined, keepMessages: undefined };

export interface Terminal extends Profile {
  readonly chat: Chat;
  readonly history: History;
  readonly session: SpecSession;
  readonly trackerClock: TrackerClock;
  readonly retention: RetentionSchedule;
  /** Every event of the chat, in order. */
  readonly told: ToldEvent[];
  /** The events of one kind. */
  all<K extends keyof ChatEvents>(name: K): Extract<ToldEvent, { name: K }>[];
  /** Waits for an event with these fields. */
  hears<K extends keyof ChatEvents>(
    name: K,
    like: Partial<ChatEvents[K]>,
  ): Promise<Extract<ToldEvent, { name: K }>>;
  /** Gives the machine another address. */
  move(ip: string): void;
  stop(): Promise<void>;
}

export interface TerminalParts {
  readonly tracker: SpecTracker;
  readonly openLinks: (profile: Profile) => (device: DeviceId) => Links;
  /** Called when the machine of a device gets another address. */
  readonly onMove: (device: DeviceId, ip: string) => void;
}

/** The folder of the evidence against the tracker. */
export const evidenceOf = ({ file }: Pick<Profile, 'file'>): string => `${file}-evidence`;

/** Starts the terminal of a device that is enrolled. It is not online yet. */
export async function openTerminal(profile: Profile, parts: TerminalParts): Promise<Terminal> {
  const { tracker, openLinks, onMove } = parts;
  const owner = await tracker.ownerOf(profile.device);
  if (owner === null) throw new Error(`the device of ${profile.username} is not enrolled`);
  const trackerClock = createTrackerClock({
    machine: profile.machine,
    steady: systemClock,
    run: (work) => void work,
  });
  const session = new SpecSession(tracker, owner, trackerClock);
  const history = await openHistory({
    file: profile.file,
    clock: trackerClock,
    steadyClock: systemClock,
    schedule: systemSchedule,
  });
  const timekeeping = createTimekeeping(history, trackerClock);
  const retention = scheduleRetention({
    history,
    timekeeping,
    trackerClock,
    settings: profile.keeps,
    schedule: systemSchedule,
    log: silentLog,
  });
  const listeners = new Set<() => void>();
  const chat = await createChat({
    session,
    network: {
      onChanged(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    openLinks: openLinks(profile),
    history,
    sign: (_, data) => profile.key.sign(data),
    trackerClock,
    steadyClock: systemClock,
    retention,
    isBot: profile.isBot === true,
    keepEvidence: createEvidenceFolder(evidenceOf(profile)),
    ids: systemIds,
    log: silentLog,
  });
  const told: ToldEvent[] = [];
  chat.events.onAny((name, data) => {
    told.push({ name, ...data } as ToldEvent);
  });
  const all: Terminal['all'] = (name) => told.filter((one) => one.name === name) as never;
  return {
    ...profile,
    chat,
    history,
    session,
    trackerClock,
    retention,
    told,
    all,
    hears: (name, like) =>
      until(
        () =>
          all(name).find((one) =>
            Object.entries(like).every(([key, value]) => Reflect.get(one, key) === value),
          ),
        `${profile.username} hears ${name} ${JSON.stringify(like)}; heard ${JSON.stringify(told)}`,
      ),
    move(ip) {
      onMove(profile.device, ip);
      for (const tell of listeners) tell();
    },
    async stop() {
      await chat.close();
      await session.close();
      await retention.close();
      await timekeeping.close();
      await history.close();
    },
  };
}
