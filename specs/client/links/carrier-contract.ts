// The contract of a carrier, as specs. Each implementation runs this suite.
import type { Duplex } from 'node:stream';
import test, { type ExecutionContext } from 'ava';
import type { Candidate, Carrier, Route } from '../../../client/links/carrier.js';
import { respondToHandshake, initiateHandshake } from '../../../client/links/handshake/noise.js';
import type { DeviceId } from '../../../core/ids.js';
import { generateSigningKey } from '../../../core/keys.js';
import { systemSchedule } from '../../../core/time/clock.js';
import { until } from '../../support/until.js';

/** Two carriers of two devices that can reach each other; new for each spec. */
export interface Carriers {
  readonly near: Carrier;
  readonly far: Carrier;
  /** The device of the far carrier. */
  readonly device: DeviceId;
}

export type MakeCarriers = (t: ExecutionContext) => Promise<Carriers>;

const wanted = (): AbortSignal => new AbortController().signal;

export function carrierContract(name: string, make: MakeCarriers): void {
  const start = async (t: ExecutionContext) => {
    const { near, far, device } = await make(t);
    t.teardown(async () => {
      await Promise.all([near.close(), far.close()]);
    });
    const incoming: Duplex[] = [];
    t.deepEqual(far.addresses(), []);
    await far.listen((raw, from) => {
      t.true(from.length > 0);
      raw.on('error', () => raw.destroy());
      incoming.push(raw);
    });
    const route = routeTo(near, device, far.addresses());
    const connect = async (): Promise<readonly [Duplex, Duplex]> => {
      const count = incoming.length;
      const here = await route.connect(wanted());
      here.on('error', () => here.destroy());
      here.write('!');
      const there = await until(() => incoming[count], 'the other end');
      await read(there, 1);
      return [here, there];
    };
    return { near, far, route, incoming, connect };
  };

  test(`${name}: given a route, when connected, then bytes pass both ways`, async (t) => {
    const { connect } = await start(t);
    const [here, there] = await connect();
    here.write('over there');
    there.write('over here');
    t.is(String(await read(there, 10)), 'over there');
    t.is(String(await read(here, 9)), 'over here');
  });

  test(`${name}: given much data and a slow reader, then all of it arrives in order and the writer has to wait`, async (t) => {
    const { connect } = await start(t);
    const [here, there] = await connect();
    const chunk = Buffer.alloc(64 * 1024);
    let written = 0;
    while (here.write(numberedChunk(chunk, written)) || written < 64) {
      written += 1;
      if (written > 4_096) break;
    }
    t.true(written < 4_096, 'write returns false while nobody reads');
    here.end();
    const all = await readToEnd(there);
    t.is(all.length % chunk.length, 0);
    t.true(all.length >= written * chunk.length);
    for (let at = 0; at < all.length; at += chunk.length) t.is(all.readUInt32BE(at), at / chunk.length);
  });

  test(`${name}: given many connections at once, then their data does not mix`, async (t) => {
    const { route, incoming } = await start(t);
    const count = 40;
    const heard: string[] = [];
    const ours = await Promise.all(
      Array.from({ length: count }, async (_, number) => {
        const raw = await route.connect(wanted());
        raw.on('error', () => raw.destroy());
        raw.write(`${number};`);
        return raw;
      }),
    );
    await until(() => incoming.length === count, 'all connections');
    for (const raw of incoming) void readToEnd(raw).then((bytes) => heard.push(String(bytes)));
    for (const [number, raw] of ours.entries()) raw.end(`${number}.`);
    await until(() => heard.length === count, 'all ends');
    t.deepEqual(
      heard.map((text) => text.split(';').map(Number.parseFloat)).sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0)),
      Array.from({ length: count }, (_, number) => [number, number]),
    );
  });

  test(`${name}: given an open connection, when one end is destroyed, then the other end closes`, async (t) => {
    const { connect } = await start(t);
    const [here, there] = await connect();
    there.resume();
    here.destroy();
    t.true(await until(() => there.closed, 'the far end to close'));
    const [here2, there2] = await connect();
    here2.resume();
    there2.destroy();
    t.true(await until(() => here2.closed, 'the near end to close'));
  });

  test(`${name}: given an attempt, when it is aborted, then it rejects with the reason and leaves nothing open`, async (t) => {
    const { route, incoming } = await start(t);
    const unwanted = new AbortController();
    const attempt = route.connect(unwanted.signal);
    unwanted.abort(new Error('changed my mind'));
    await t.throwsAsync(attempt, { message: 'changed my mind' });
    await t.throwsAsync(route.connect(unwanted.signal), { message: 'changed my mind' });
    for (const raw of incoming) raw.resume();
    t.true(await until(() => incoming.every((raw) => raw.closed), 'nothing left over'));
  });

  test(`${name}: given a carrier that is closed, then its streams are destroyed and new connections fail`, async (t) => {
    const { near, far, route, connect } = await start(t);
    const [here, there] = await connect();
    here.resume();
    await far.close();
    t.true(there.destroyed);
    await until(() => here.closed, 'the near end to close');
    await t.throwsAsync(route.connect(wanted()));
    await near.close();
  });

  test(`${name}: given two keys, then an encrypted stream opens over the carrier and echoes`, async (t) => {
    const { near, far, device } = await make(t);
    t.teardown(async () => {
      await Promise.all([near.close(), far.close()]);
    });
    const [ann, ben] = [generateSigningKey(), generateSigningKey()];
    const responder = {
      key: ben,
      schedule: systemSchedule,
      findPeer: (publicKey: Buffer) => (publicKey.equals(ann.publicKey) ? 'ann' : null),
      refusal: Buffer.from('no'),
    };
    const echo = async (raw: Duplex): Promise<void> => {
      const opened = await respondToHandshake(raw, responder, wanted());
      if (opened.ok) opened.value.stream.on('data', (bytes: Buffer) => opened.value.stream.write(bytes));
    };
    await far.listen((raw) => void echo(raw));
    const raw = await routeTo(near, device, far.addresses()).connect(wanted());
    const opened = await initiateHandshake(raw, { key: ann, publicKey: ben.publicKey }, wanted());
    if (!opened.ok) {
      t.fail(opened.failure.message);
      return;
    }
    const answer = new Promise<Buffer>((resolve) => {
      opened.value.stream.once('data', resolve);
    });
    opened.value.stream.write(Buffer.from('hello'));
    t.is(String(await answer), 'hello');
    opened.value.stream.destroy();
  });
}

function routeTo(carrier: Carrier, device: DeviceId, candidates: readonly Candidate[]): Route {
  const [route] = carrier.routes({ device, candidates });
  if (route === undefined) throw new Error('the carrier has no route');
  return route;
}

function numberedChunk(chunk: Buffer, number: number): Buffer {
  const copy = Buffer.from(chunk);
  copy.writeUInt32BE(number);
  return copy;
}

async function read(raw: Duplex, count: number): Promise<Buffer> {
  let all = Buffer.alloc(0);
  while (all.length < count) {
    const next: unknown = await until(() => raw.read(), `${count} bytes`);
    if (!Buffer.isBuffer(next)) throw new Error('a carrier gives buffers');
    all = Buffer.concat([all, next]);
  }
  return all;
}

async function readToEnd(raw: Duplex): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of raw) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
