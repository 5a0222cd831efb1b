import { chmod, copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { findBroker, newestIn } from '../../../../core/bus/broker/find.js';
import { provisionBroker, type Source } from '../../../../core/bus/broker/provision.js';
import { OperatorError } from '../../../../core/errors.js';
import { everyNats, testNats } from '../../../support/bus/broker.js';
import { temporaryFolder } from '../../../support/folder.js';

const failing = (name: string, reason: string): Source => ({
  name,
  fetch: () => Promise.reject(new Error(reason)),
});

async function copying(): Promise<Source> {
  const { binary } = await testNats();
  return {
    name: 'the good one',
    fetch: async (folder) => {
      const place = join(folder, 'fetched');
      await copyFile(binary, place);
      return place;
    },
  };
}

test('provision: given sources of which the last works, then each step prints one line and the next search finds the program', async (t) => {
  const cache = join(await temporaryFolder(t), 'not', 'yet', 'there');
  const lines: string[] = [];
  const broker = await provisionBroker({
    cache,
    onProgress: (line) => lines.push(line),
    sources: [failing('first', 'no network'), await copying()],
  });
  t.deepEqual(await newestIn(cache), broker);
  t.is(lines.length, 4);
  t.regex(lines[1] ?? '', /not from first: no network/);
  t.regex(lines[3] ?? '', /is ready in/);
  // Nothing incomplete is left.
  t.is((await readdir(cache)).length, 1);
});

test('provision: given two at once, then both get a program that runs', async (t) => {
  const cache = await temporaryFolder(t);
  const source = await copying();
  const provision = () => provisionBroker({ cache, onProgress: () => {}, sources: [source] });
  const brokers = await Promise.all([provision(), provision(), provision()]);
  t.is(new Set(brokers.map(({ binary }) => binary)).size, 1);
  t.is((await readdir(cache)).length, 1);
});

test('provision: given a damaged earlier program, then it is replaced', async (t) => {
  const cache = await temporaryFolder(t);
  const options = { cache, onProgress: () => {}, sources: [await copying()] };
  const { binary } = await provisionBroker(options);
  await chmod(binary, 0o755);
  await writeFile(binary, 'damaged');
  t.is(await newestIn(cache), undefined);
  await provisionBroker(options);
  t.truthy(await newestIn(cache));
});

test('provision: given a program that does not run here, then the next source is tried, and the final error lists every failure', async (t) => {
  const cache = await temporaryFolder(t);
  const unfit: Source = {
    name: 'a package for another libc',
    fetch: async (folder) => {
      const place = join(folder, 'x');
      await writeFile(place, '#!/bin/sh\nexit 127\n');
      return place;
    },
  };
  const provisioning = provisionBroker({ cache, onProgress: () => {}, sources: [failing('a', 'b'), unfit] });
  const error = await t.throwsAsync(provisioning, { instanceOf: OperatorError });
  t.regex(error.message, /a: b; a package for another libc: .* does not run/);
  t.regex(error.remedy, /apt-get install nats-server/);
  t.regex(error.remedy, /PARTYLINE_NATS_SERVER/);
  t.deepEqual(await readdir(cache), []);
});

test('provision: this machine can obtain a broker without help', async (t) => {
  const brokers = await everyNats();
  t.true(brokers.length > 0);
  const empty = await temporaryFolder(t);
  await mkdir(join(empty, 'x'));
  for (const { binary } of brokers)
    t.is((await findBroker({ explicit: binary, path: '', cache: empty }))?.binary, binary);
});
