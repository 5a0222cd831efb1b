import test from 'ava';
import { createMetrics, silentMetrics } from '../../core/metrics.js';

const line = (text: string, start: string): string =>
  text.split('\n').find((one) => one.startsWith(start)) ?? `no ${start}`;

test('metrics: requests are counted by operation and outcome, and timed by operation', async (t) => {
  const metrics = createMetrics();
  const asked = { title: 'ChatRoom', operation: 'JOIN', durationMs: 20 };
  metrics.answered({ ...asked, phrase: 'JOIN_S' });
  metrics.answered({ ...asked, phrase: 'JOIN_S' });
  metrics.answered({ ...asked, phrase: 'JOIN_FAILURE', durationMs: 2_000 });
  const text = await metrics.text();
  const labels = 'title="ChatRoom",operation="JOIN"';
  t.is(line(text, 'partyline_requests_total{title="ChatRoom",operation="JOIN",phrase="JOIN_S"}').at(-1), '2');
  t.regex(text, /phrase="JOIN_FAILURE"\} 1/);
  t.regex(text, new RegExp(`duration_seconds_bucket\\{le="0.025",${labels}\\} 2`));
  t.regex(text, new RegExp(`duration_seconds_count\\{${labels}\\} 3`));
});

test('metrics: a gauge is read at each scrape, and disappears when it is removed', async (t) => {
  const metrics = createMetrics();
  let depth = 3;
  const lag = {
    name: 'lag',
    help: 'how far',
    label: { name: 'reactor', value: 'notices' },
    read: () => depth,
  };
  const hide = metrics.show(lag);
  metrics.show({ ...lag, label: { name: 'reactor', value: 'relay' }, read: async () => 7 });
  t.is(line(await metrics.text(), 'lag{reactor="notices"}'), 'lag{reactor="notices"} 3');
  depth = 5;
  const text = await metrics.text();
  t.is(line(text, 'lag{reactor="notices"}'), 'lag{reactor="notices"} 5');
  t.is(line(text, 'lag{reactor="relay"}'), 'lag{reactor="relay"} 7');
  hide();
  t.is(line(await metrics.text(), 'lag{reactor="notices"}'), 'no lag{reactor="notices"}');
});

test('metrics: a gauge that cannot be read is NaN, and the others are unaffected', async (t) => {
  const metrics = createMetrics();
  metrics.show({ name: 'broken', help: 'not to be had', read: () => Promise.reject(new Error('no disk')) });
  metrics.show({ name: 'sound', help: 'to be had', read: () => 1 });
  const text = await metrics.text();
  t.is(line(text, 'broken '), 'broken Nan');
  t.is(line(text, 'sound '), 'sound 1');
});

test('metrics: the process and its event loop are included', async (t) => {
  const text = await createMetrics().text();
  for (const name of ['process_resident_memory_bytes', 'nodejs_eventloop_lag_p99_seconds']) {
    t.true(text.includes(`\n${name} `), name);
  }
});

test('metrics: the silent metrics accept everything and store nothing', (t) => {
  silentMetrics.answered({ title: 'Login', operation: '', phrase: 'BUSY', durationMs: 0 });
  t.notThrows(silentMetrics.show({ name: 'any', help: '', read: () => 0 }));
});
