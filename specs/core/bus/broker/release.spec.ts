import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { fetchRelease, type Release } from '../../../../core/bus/broker/release.js';
import { keepAliveSchedule } from '../../../../core/time/clock.js';
import { temporaryFolder } from '../../../support/folder.js';

const timeouts = { answerMs: 30_000, wholeMs: 60_000 };

async function serve(t: ExecutionContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

async function archive(t: ExecutionContext): Promise<Buffer> {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'nats-server-v9.9.9-linux-amd64'));
  await writeFile(join(folder, 'nats-server-v9.9.9-linux-amd64', 'nats-server'), 'the program');
  execFileSync('tar', ['-czf', 'a.tar.gz', 'nats-server-v9.9.9-linux-amd64'], { cwd: folder });
  return readFile(join(folder, 'a.tar.gz'));
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const release = (url: string, digest: string): Release => ({
  version: '9.9.9',
  url,
  digests: { 'linux-x64': digest },
});

test('release: given an archive with the pinned digest, then its program is unpacked', async (t) => {
  const bytes = await archive(t);
  const asked: (string | undefined)[] = [];
  const url = await serve(t, (request, response) => {
    asked.push(request.url);
    response.end(bytes);
  });
  const binary = await fetchRelease(
    await temporaryFolder(t),
    'linux-x64',
    keepAliveSchedule,
    release(url, sha256(bytes)),
    timeouts,
  );
  t.is(await readFile(binary, 'utf8'), 'the program');
  t.deepEqual(asked, ['/nats-server-v9.9.9-linux-amd64.tar.gz']);
});

test('release: given an archive with another digest, then it is refused before it is unpacked', async (t) => {
  const bytes = await archive(t);
  const url = await serve(t, (_, response) => response.end(bytes));
  const folder = await temporaryFolder(t);
  await t.throwsAsync(
    fetchRelease(folder, 'linux-x64', keepAliveSchedule, release(url, sha256(Buffer.from('x'))), timeouts),
    {
      message: /SHA-256 is .* not the pinned/,
    },
  );
  await t.throwsAsync(readFile(join(folder, 'nats-server')), { code: 'ENOENT' });
});

test('release: given a server that does not answer, then the download is abandoned soon', async (t) => {
  const url = await serve(t, () => {});
  await t.throwsAsync(
    fetchRelease(await temporaryFolder(t), 'linux-x64', keepAliveSchedule, release(url, ''), {
      ...timeouts,
      answerMs: 300,
    }),
    {
      message: /download failed: no answer in 300 ms/,
    },
  );
});

test('release: given a missing archive or an unknown machine, then the error gives the reason', async (t) => {
  const url = await serve(t, (_, response) => response.writeHead(404).end());
  const folder = await temporaryFolder(t);
  await t.throwsAsync(fetchRelease(folder, 'linux-x64', keepAliveSchedule, release(url, ''), timeouts), {
    message: /status 404/,
  });
  await t.throwsAsync(fetchRelease(folder, 'plan9-mips', keepAliveSchedule, release(url, ''), timeouts), {
    message: /no release is pinned for plan9-mips/,
  });
});
