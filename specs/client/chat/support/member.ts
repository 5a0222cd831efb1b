// Another device of a user. Its requests for history and its answers to them are chosen by the spec.
import { type Frame, readFrame, writeFrame } from '../../../../client/chat/peers/wire.js';
import { commandIdSchema, systemIds } from '../../../../core/ids.js';
import type { Json } from '../../../../core/json.js';
import { historyOperationSchema } from '../../../../core/protocol/backfill/backfill.js';
import { makeRequest, type Response, respond } from '../../../../core/protocol/envelope.js';
import { until } from '../../../support/until.js';
import { answerTo } from './stranger.js';
import { newDevice, type Terminal, type World } from './world.js';

type Operation = ReturnType<typeof historyOperationSchema.parse>;

export interface Member {
  /** Returns the data of the device's answer; null for an answer without data. */
  onHistory: (operation: Operation) => Json | null;
  meet(terminal: Terminal): Promise<void>;
  send(data: Json): void;
  ask(data: Json): Promise<Response>;
}

export async function linkAs(
  { tracker, net }: World,
  username: string,
  to: Pick<Terminal, 'device'>,
): Promise<Member> {
  const user = await tracker.enrol(username, newDevice());
  const end = net.openLinks(user.device);
  const frames: Frame[] = [];
  const send = (data: Json) => {
    const id = commandIdSchema.parse(systemIds.next());
    end.send(to.device, writeFrame(makeRequest({ id, title: 'History', data })));
    return id;
  };
  const member: Member = {
    onHistory: () => null,
    async meet(terminal) {
      tracker.connect(user);
      end.introduce({ id: terminal.device, publicKey: Buffer.alloc(32), candidates: {} });
      await user.meet(terminal.session);
      await until(() => end.list().some(({ state }) => state === 'open'), `${username} is linked`);
    },
    send: (data) => void send(data),
    ask: (data) => answerTo(frames, send(data)),
  };
  end.events.on('messages', ({ payloads }) => {
    for (const frame of payloads.map(readFrame)) {
      frames.push(frame);
      if (frame.kind !== 'request') continue;
      const operation = historyOperationSchema.safeParse(frame.request.data);
      const data = operation.success ? member.onHistory(operation.data) : null;
      const answer = { phrase: 'HISTORY_S', ...(data !== null && { data }) } as const;
      end.send(to.device, writeFrame(respond(frame.request, 4, answer)));
    }
  });
  return member;
}
