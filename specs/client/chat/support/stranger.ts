// A peer without a chat: an introduced device that sends what a spec chooses and keeps what it receives. Like older terminals it
// understands only messages.
import type { Caller } from '../../../../actors/caller.js';
import { type Frame, readFrame, writeFrame } from '../../../../client/chat/peers/wire.js';
import { commandIdSchema, systemIds } from '../../../../core/ids.js';
import type { Json } from '../../../../core/json.js';
import { makeRequest, type Response, respond } from '../../../../core/protocol/envelope.js';
import { hlcSchema } from '../../../../core/protocol/message/hlc.js';
import { type Message, messageSchema } from '../../../../core/protocol/message/message.js';
import { until } from '../../../support/until.js';
import type { User } from './user.js';
import { newDevice, type Terminal, type World } from './world.js';

export interface Stranger {
  readonly user: User;
  /** Everything it received, in order. */
  readonly frames: Frame[];
  /** The answer to a message; null for no answer. */
  answers: (message: Message) => Parameters<typeof respond<4>>[2] | null;
  send(bytes: Uint8Array): void;
  /** Sends `data` as a message and waits for the answer. */
  say(data: Json): Promise<Response>;
}

/** Introduces a peer with this name to a terminal and links the two. */
export async function meetStranger(
  world: World,
  terminal: Terminal,
  username: string,
  device = newDevice(),
): Promise<Stranger> {
  const { tracker, net } = world;
  const user = await tracker.enrol(username, device);
  tracker.connect(user);
  const end = net.openLinks(user.device);
  const frames: Frame[] = [];
  const stranger: Stranger = {
    user,
    frames,
    answers: () => ({ phrase: 'MESSAGE_SENT' }),
    send: (bytes) => void end.send(terminal.device, bytes),
    async say(data) {
      const id = commandIdSchema.parse(systemIds.next());
      end.send(terminal.device, writeFrame(makeRequest({ id, title: 'MESSAGE', data })));
      return answerTo(frames, id);
    },
  };
  end.events.on('messages', ({ payloads }) => {
    for (const frame of payloads.map(readFrame)) {
      if (frame.kind === 'request' && frame.request.title !== 'MESSAGE') {
        const unknown = { phrase: 'INVALID_COMMAND', message: 'Only MESSAGE is understood.' } as const;
        end.send(terminal.device, writeFrame(respond(frame.request, 4, unknown)));
        continue;
      }
      frames.push(frame);
      if (frame.kind !== 'request') continue;
      const answer = stranger.answers(messageSchema.parse(frame.request.data));
      if (answer !== null) end.send(terminal.device, writeFrame(respond(frame.request, 4, answer)));
    }
  });
  end.introduce({ id: terminal.device, publicKey: Buffer.alloc(32), candidates: {} });
  await user.meet(terminal.session);
  await terminal.hears('link', { peer: username, state: 'open' });
  return stranger;
}

export function answerTo(frames: readonly Frame[], id: string): Promise<Response> {
  return until(() => {
    const frame = frames.find((one) => one.kind === 'response' && one.response.id === id);
    return frame?.kind === 'response' && frame.response;
  }, `an answer to ${id}`);
}

/** A message as an honest author writes it, except for the fields that a spec gives. */
export function messageOf(
  { account, device }: Caller,
  fields: { readonly [K in keyof Message]?: Json },
): Json {
  return {
    account,
    device,
    seq: 1,
    hlc: hlcSchema.parse(Date.now().toString(16).padStart(12, '0') + '0000'),
    roster: 0,
    text: 'hi',
    spans: [],
    ...fields,
  };
}
