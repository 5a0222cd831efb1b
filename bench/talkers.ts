// Complete terminals without a face, one or many in a separate process: session, links, history and chat as in
// `partyline chat`. They read orders as lines and report the duration of each order.
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Chat } from '../client/chat/port.js';
import { openTerminal } from '../client/terminal.js';
import { systemClock } from '../core/time/clock.js';
import { systemSteadyClock } from '../core/time/steady-clock.js';
import { systemIds } from '../core/ids.js';
import type { Outcome } from '../client/chat/outcome.js';
import { parseInvite } from '../core/protocol/invite.js';
import { PASSWORD } from '../specs/support/device.js';
import { nextLine } from './crowd.js';
import { type Partner, startProgram } from './partner.js';

const talkersSchema = z.object({ home: z.string(), invite: z.string(), names: z.array(z.string()) });
type TalkersOptions = z.infer<typeof talkersSchema>;

const orderSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('create'), room: z.string() }),
  z.object({ do: z.literal('join'), room: z.string() }),
  /** Waits until each terminal has this many open links. */
  z.object({ do: z.literal('link'), count: z.int() }),
  /** The first `speakers` terminals send `count` messages each, with `atOnce` in flight per terminal. */
  z.object({ do: z.literal('pour'), speakers: z.int(), count: z.int(), atOnce: z.int() }),
  /** The first `speakers` terminals send `count` messages in total, in turns, at this rate. */
  z.object({ do: z.literal('pace'), speakers: z.int(), count: z.int(), perSecond: z.number() }),
  /** Waits until all terminals together have received `count` messages since the last `see` order. */
  z.object({ do: z.literal('see'), count: z.int() }),
]);
export type Order = z.infer<typeof orderSchema>;

const reportSchema = z.object({
  /** Start and end of the order, in milliseconds of a clock that all processes share. */
  from: z.number(),
  to: z.number(),
  /** User and system CPU time of the process. */
  cpuMs: z.number(),
  /** The time from sending a message to receiving it, in milliseconds. */
  latencies: z.array(z.number()),
});
export type Report = z.infer<typeof reportSchema>;

export interface Talkers {
  order(order: Order): Promise<Report>;
  end(): Promise<void>;
}

/** Starts one terminal for each name, and registers its account. */
export async function startTalkers(options: TalkersOptions): Promise<Talkers> {
  const partner: Partner = await startProgram(fileURLToPath(import.meta.url), JSON.stringify(options));
  return {
    async order(order) {
      const report = nextLine(partner);
      partner.write(JSON.stringify(order));
      return reportSchema.parse(JSON.parse(await report));
    },
    end: () => partner.end(),
  };
}

interface Talker {
  readonly chat: Chat;
  readonly linked: Set<string>;
  /** The callbacks of sent messages, by message id; each is called when all members have the message. */
  readonly awaited: Map<string, () => void>;
}

const TEXT_LENGTH = 80;
const CONNECTING_MS = 10_000;
const now = (): number => Number(process.hrtime.bigint()) / 1e6;
const lineText = (): string => `${now().toFixed(3)} `.padEnd(TEXT_LENGTH, 'x');

async function run({ home, invite, names }: TalkersOptions): Promise<void> {
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
      steadyClock: systemSteadyClock,
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
    // The wait ends when the tracker is reached, because nobody is logged in yet.
    await chat.whenOnline(CONNECTING_MS);
    must(await chat.register(name, PASSWORD));
    talkers.push(talker);
  }
  const until = (isMet: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      look = () => {
        if (isMet()) resolve();
      };
      look();
    });

  async function carryOut(order: Order): Promise<void> {
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
        const senders = talkers
          .slice(0, order.speakers)
          .flatMap((talker) => Array.from({ length: order.atOnce }, () => talker));
        let left = order.count * order.speakers;
        await Promise.all(
          senders.map(async (talker) => {
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
    await carryOut(order);
    const latencies = order.do === 'see' ? seen.splice(0) : [];
    const used = process.cpuUsage(usedBefore);
    const cpuMs = (used.user + used.system) / 1_000;
    process.stdout.write(`${JSON.stringify({ from, to: now(), cpuMs, latencies })}\n`);
  }
}

/** Sends a line; resolves when every member has it. */
async function deliver({ chat, awaited }: Talker): Promise<void> {
  const { id } = must(await chat.say(null, lineText()));
  await new Promise<void>((resolve) => awaited.set(id, resolve));
  awaited.delete(id);
}

/** The data of a success; throws for a refusal. */
function must<T>(outcome: Outcome<T>): T {
  if (!outcome.isOk) throw new Error(`${outcome.phrase}: ${outcome.message}`);
  return outcome.data;
}

const [, program, options = ''] = process.argv;
if (program === fileURLToPath(import.meta.url)) {
  process.once('SIGTERM', () => process.exit());
  await run(talkersSchema.parse(JSON.parse(options)));
  // Standard input has ended: there are no more orders.
  process.exit();
}
