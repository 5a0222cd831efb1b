// The tracker is killed at each point between a request's arrival and its reply. Then the same request is sent again.
import { setTimeout as delay } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { BusError } from '../../core/bus/connection/failure.js';
import type { CommandTopic } from '../../core/bus/subjects.js';
import { type CommandId, commandIdSchema, systemIds } from '../../core/ids.js';
import type { Json } from '../../core/json.js';
import type { Response, Title } from '../../core/protocol/envelope.js';
import type { Invite } from '../../core/protocol/invite.js';
import { testBroker } from '../support/bus/broker.js';
import { type Device, type Letter, openGuest } from '../support/device.js';
import { counted, throwDice } from './support/seeded-random.js';
import { auditLedger } from './support/accepted-messages.js';
import { startMortal } from './support/mortal.js';

/** The number of points at which each kind of request is interrupted. The soak run uses all of them. */
const POINTS = counted('AWAIT_KILLS', { usual: 1, soak: 1_000 });
/** About as many points as a completed request has. */
const USUAL_POINTS = 50;
const MINUTE_MS = 60_000;
const AGAIN_MS = 5_000;

test('faults: given a tracker killed at the points between request and reply, when the same request is sent again, then it takes effect once', async (t) => {
  t.timeout(2 * MINUTE_MS + POINTS * MINUTE_MS);
  const dice = throwDice();
  t.log(`seed ${dice.seed}`);
  const scene = await openScene(t);
  const partner = await arrive(scene, 0, 'partner');
  for (let round = 1; round <= POINTS; round += 1) {
    const before = scene.kills();
    // A few points at random, or all in order.
    const point = POINTS < USUAL_POINTS ? 1 + dice.roll(USUAL_POINTS) : round;
    await live(scene, partner, point, `round-${round}`);
    if (POINTS >= USUAL_POINTS && scene.kills() === before) break;
  }
  await scene.end();

  const streams = new Map<string, Set<string>>();
  for (const { metadata, stream } of await auditLedger(t, scene.home)) {
    streams.set(metadata.commandId, (streams.get(metadata.commandId) ?? new Set()).add(stream));
  }
  for (const id of scene.done) t.is(streams.get(id)?.size, 1, `${id} is in the log exactly once`);
  t.deepEqual(scene.early, []);
  t.is(streams.size, scene.done.size, 'the log holds nothing else');
  t.log(`${scene.kills()} kills at ${scene.places.size} places, ${scene.done.size} commands done`);
});

/** Sends every kind of request that a terminal makes, each interrupted at `point` if it has that many points. */
async function live(scene: Scene, partner: Device, point: number, name: string): Promise<void> {
  const ann = await arrive(scene, point, name);
  const second = await arrive(scene, point, name, 'login');
  const ask = (device: Device, topic: CommandTopic, title: Title, data: Json, ...phrases: string[]) => {
    const id = commandIdSchema.parse(systemIds.next());
    const send = () => device.ask(topic, title, data, id);
    return scene.survive(point, { id, send }, phrases);
  };
  const room = (device: Device, operation: string, phrase: string) =>
    ask(device, 'chatroom', 'ChatRoom', { operation, name }, phrase);

  await room(ann, 'CREATE', 'CREATION_S');
  await room(partner, 'JOIN', 'JOIN_S');
  await ask(ann, 'people', 'People', { operation: 'ANNOUNCE', addresses: [] }, 'ADDRESSES_ANNOUNCED');
  await ask(ann, 'private', 'PRIVATE', { accounts: [partner.grant.account] }, 'INTRODUCED');
  await ask(ann, 'sync', 'Sync', { versions: {} }, 'SYNC_S');
  await room(ann, 'QUIT', 'QUIT_S');
  await room(partner, 'QUIT', 'QUIT_S');
  // A repeated logout may find that the device is no longer enrolled, or that its connection is closed already.
  const phrases = ['LOGOUT_SUCCESSFUL', 'NOT_ENROLLED'];
  await ask(second, 'account', 'Account', { operation: 'LOGOUT' }, ...phrases).catch(unanswered);
  await second.close();
  await ann.close();
}

async function arrive(
  { survive, invite, closing }: Scene,
  point: number,
  username: string,
  operation: 'register' | 'login' = 'register',
): Promise<Device> {
  const guest = await openGuest(invite);
  closing(guest);
  const phrase = operation === 'register' ? 'REGISTRATION_SUCCESSFUL' : 'LOGIN_SUCCESSFUL';
  const device = await guest.become(await survive(point, guest.entering(operation, username), [phrase]));
  await guest.close();
  closing(device);
  return device;
}

interface Scene {
  readonly home: string;
  readonly invite: Invite;
  /** The requests that changed something. */
  readonly done: ReadonlySet<CommandId>;
  readonly places: ReadonlySet<string>;
  /** Answers received from a tracker that was killed before its reply. */
  readonly early: readonly string[];
  readonly kills: () => number;
  /** Closes a connection at the end, if it is still open. */
  readonly closing: (connection: { close(): Promise<void> }) => void;
  readonly end: () => Promise<void>;
  /** Sends a request to a tracker that dies at `point`. Sends it again if the tracker died. */
  readonly survive: (point: number, letter: Letter, phrases: readonly string[]) => Promise<Response>;
}

/** Repeats an unanswered request, as a session does. During a revocation the broker may lose a guest's answer. */
async function persistent(send: Letter['send'], first = send()): Promise<Response> {
  for (let asked = first; ; asked = send()) {
    const answer = await Promise.race([asked, delay(AGAIN_MS, null, { ref: false })]);
    if (answer !== null) return answer;
  }
}

function unanswered(thrown: unknown): void {
  if (!(thrown instanceof BusError)) throw thrown;
}

const EVENTLESS = new Set(['ADDRESSES_ANNOUNCED', 'INTRODUCED', 'SYNC_S']);

async function openScene(t: ExecutionContext): Promise<Scene> {
  const { home, keyring, broker } = await testBroker(t);
  let tracker = await startMortal(t, home, broker.url);
  const places = new Set<string>();
  const done = new Set<CommandId>();
  const early: string[] = [];
  let kills = 0;
  return {
    home,
    invite: {
      host: broker.host,
      port: broker.port,
      guest: keyring.guestSigning.seed,
      sign: keyring.signing.publicKey,
      seal: keyring.sealing.publicKey,
    },
    places,
    done,
    early,
    kills: () => kills,
    closing: (connection) => t.teardown(() => connection.close()),
    end: () => tracker.kill(),
    async survive(point, { id, send }, phrases) {
      if (!phrases.some((phrase) => EVENTLESS.has(phrase))) done.add(id);
      await tracker.dieAt(point);
      const first = send();
      const end = await Promise.race([tracker.dead, persistent(send, first)]);
      const isKilled = typeof end === 'string';
      if (isKilled) {
        kills += 1;
        places.add(end);
        first.then(({ phrase }) => early.push(`${phrase} before ${end}`), unanswered);
        tracker = await startMortal(t, home, broker.url);
      }
      const answer = isKilled ? await persistent(send) : end;
      t.true(phrases.includes(answer.phrase), `${JSON.stringify(end)}: ${answer.phrase} ${answer.message}`);
      return answer;
    },
  };
}
