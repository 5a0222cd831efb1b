// Whole terminals without a face, one or many in a process of its own: session, links, history and chat as `partyline chat`
// puts them together. Told by lines what to say, they tell how long it took.
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Chat } from '../client/chat/port.js';
import { openTerminal } from '../client/terminal.js';
import { systemClock } from '../core/time/clock.js';
import { systemIds } from '../core/ids.js';
import { parseInvite } from '../core/protocol/invite.js';
import { isSuccess } from '../core/protocol/status.js';
import { PASSWORD } from '../specs/support/device.js';
import { nextLine } from './crowd.js';
import { type Partner, startProgram } from './partner.js';

const castSchema = z.object({ home: z.string(), invite: z.string(), names: z.array(z.string()) });
type Cast = z.infer<typeof castSchema>;

const orderSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('create'), room: z.string() }),
  z.object({ do: z.literal('join'), room: z.string() }),
  /** Until each has so many open links. */
  z.object({ do: z.literal('link'), count: z.int() }),
  /** The first `speakers` of them say `count` messages each, so many of them on their way at once. */
  z.object({ do: z.literal('pour'), speakers: z.int(), count: z.int(), atOnce: z.int() }),
  /** They say `count` messages together, one by one in turns, at this rate. */
  z.object({ do: z.literal('pace'), speakers: z.int(), count: z.int(), perSecond: z.number() }),
  /** Until all of them together have been shown so many messages since the last time. */
  z.object({ do: z.literal('see'), count: z.int() }),
]);
export type Order = z.infer<typeof orderSchema>;

const reportSchema = z.object({
  /** When it began and ended, in milliseconds of a clock that all processes share. */
  from: z.number(),
  to: z.number(),
  /** Of the processor, user and system, by all terminals of the process. */
  cpuMs: z.number(),
  /** From saying a message to its being shown, milliseconds. */
  latencies: z.array(z.number()),
});
export type Report = z.infer<typeof reportSchema>;

export interface Talkers {
  order(order: Order): Promise<Report>;
  end(): Promise<void>;
}

/** Starts terminals, each registered under its name. */
export async function startTalkers(cast: Cast): Promise<Talkers> {
  const partner: Partner = await startProgram(fileURLToPath(import.meta.url), JSON.stringify(cast));
  return {
    async order(order) {
      const told = nextLine(partner);
      partner.write(JSON.stringify(order));
      return reportSchema.parse(JSON.parse(await told));
    },
    end: () => partner.end(),
  };
}

interface Talker {
  readonly chat: Chat;
  readonly linked: Set<string>;
  /** Told when a message is delivered to all, by its id. */
  readonly awaited: Map<string, () => void>;
}

const TEXT_LENGTH = 80;
const now = (): number => Number(process.hrtime.bigint()) / 1e6;
const line = (): string => `${now().toFixed(3)} `.padEnd(TEXT_LENGTH, 'x');

async function talk({ home, invite, names }: Cast): Promise<void> {
  const parsed = parseInvite(invite);
  if (!('invite' in parsed)) throw new Error(parsed.refusal);
  const choice = {
    home,
    invite: parsed.invite,
    localInvite: null,
    keepDays: undefined,
    keepMessages: undefined,
  };
  const seen: number[] = [];
  let look: (() => void) | null = null;
  const talkers: Talker[] = [];
  for (const name of names) {
    const { chat } = await openTerminal({
      ...choice,
      name,
      linkHost: '127.0.0.1',
      logLevel: 'warn',
      clock: systemClock,
      ids: systemIds,
    });
    const talker: Talker = { chat, linked: new Set(), awaited: new Map() };
    chat.events.on('message', ({ text }) => {
      seen.push(now() - Number.parseFloat(text));
      look?.();
    });
    chat.events.on('link', ({ peer, state }) => {
      if (state === 'open') talker.linked.add(peer);
      else talker.linked.delete(peer);
      look?.();
    });
    chat.events.on('delivery', ({ id, state }) => {
      if (state === 'delivered') talker.awaited.get(id)?.();
    });
    await chat.whenOnline(10_000);
    must(await chat.register(name, PASSWORD));
    talkers.push(talker);
  }
  const until = (isSo: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      look = () => {
        if (isSo()) resolve();
      };
      look();
    });

  async function follow(order: Order): Promise<void> {
    switch (order.do) {
      case 'create':
      case 'join':
        for (const [index, { chat }] of talkers.entries()) {
          const isFirst = order.do === 'create' && index === 0;
          must(await (isFirst ? chat.create(order.room) : chat.join(order.room)));
        }
        return;
      case 'link':
        return until(() => talkers.every(({ linked }) => linked.size >= order.count));
      case 'pour': {
        const lanes = talkers
          .slice(0, order.speakers)
          .flatMap((talker) => Array.from({ length: order.atOnce }, () => talker));
        let left = order.count * order.speakers;
        await Promise.all(
          lanes.map(async (talker) => {
            while (left-- > 0) await deliver(talker);
          }),
        );
        return;
      }
      case 'pace': {
        const start = now();
        const delivered: Promise<void>[] = [];
        while (delivered.length < order.count) {
          const due = Math.min(order.count, ((now() - start) * order.perSecond) / 1_000);
          while (delivered.length < due) {
            const talker = talkers[delivered.length % order.speakers];
            if (talker !== undefined) delivered.push(deliver(talker));
          }
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
        await Promise.all(delivered);
        return;
      }
      case 'see':
        return until(() => seen.length >= order.count);
    }
  }

  process.stdout.write('ready\n');
  for await (const text of createInterface({ input: process.stdin })) {
    const from = now();
    const usedBefore = process.cpuUsage();
    const order = orderSchema.parse(JSON.parse(text));
    await follow(order);
    const latencies = order.do === 'see' ? seen.splice(0) : [];
    const used = process.cpuUsage(usedBefore);
    const cpuMs = (used.user + used.system) / 1_000;
    process.stdout.write(`${JSON.stringify({ from, to: now(), cpuMs, latencies })}\n`);
  }
}

/** Says a line; resolves when everybody has it. */
async function deliver({ chat, awaited }: Talker): Promise<void> {
  const said = await chat.say(null, line());
  must(said);
  const { id } = idSchema.parse(said.data);
  await new Promise<void>((resolve) => awaited.set(id, resolve));
  awaited.delete(id);
}

const idSchema = z.object({ id: z.string() });

function must({ status, phrase, message }: Awaited<ReturnType<Chat['say']>>): void {
  if (!isSuccess(status)) throw new Error(`${phrase}: ${message}`);
}

const [, program, cast = ''] = process.argv;
if (program === fileURLToPath(import.meta.url)) {
  process.once('SIGTERM', () => process.exit());
  await talk(castSchema.parse(JSON.parse(cast)));
  // Nobody gives orders any more.
  process.exit();
}
