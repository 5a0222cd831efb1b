// The actions of the commands of `partyline admin` that look at the log.
import { diffAll, diffSubject } from '../../admin/diff/diff.js';
import { diffText } from '../../admin/diff/text.js';
import { entryJson, entryText } from '../../admin/log/entry.js';
import type { AdminHome } from '../../admin/home.js';
import { readHistory } from '../../admin/log/history.js';
import { createLook, type Look, pointText } from '../../admin/look.js';
import { lastPosition, type Moment, spanBetween } from '../../admin/moment.js';
import { print } from '../../admin/output.js';
import { createPace, type Speed } from '../../admin/replay/pace.js';
import { createReplay } from '../../admin/replay/replay.js';
import {
  replayedJson,
  replayedText,
  replayError,
  summaryJson,
  summaryText,
} from '../../admin/replay/text.js';
import { showAccount } from '../../admin/show/account.js';
import { decisionLines, unfinishedDecision } from '../../admin/show/decision.js';
import { showRoom } from '../../admin/show/room.js';
import { shownText } from '../../admin/show/text.js';
import { createNames } from '../../admin/subject/names.js';
import { createResolver } from '../../admin/subject/resolve.js';
import { readTimeline, timelineText } from '../../admin/succession/timeline.js';
import { jsonText } from '../../admin/text/json.js';
import { createPaint } from '../../admin/text/paint.js';
import { traceText } from '../../admin/trace/text.js';
import { readTrace } from '../../admin/trace/trace.js';
import { keepAliveSchedule } from '../../core/time/clock.js';
import { whenAskedToStop } from '../signals.js';
import { inHome, type OfHome, type Readable } from './home-command.js';
import { withStates } from './states.js';

type AtMoment = Readable & { readonly at?: Moment };

interface LogOptions extends OfHome {
  readonly stream?: string;
  readonly type?: string;
  readonly account?: string;
  readonly since?: Moment;
  readonly until?: Moment;
  readonly limit?: number;
  readonly follow?: boolean;
  readonly json?: boolean;
}

export async function log(subject: string | undefined, options: LogOptions): Promise<void> {
  const { home, type, limit, account, since, until, follow = false, json = false } = options;
  const stopping = new AbortController();
  if (follow) void whenAskedToStop().then(() => stopping.abort());
  const work = async ({ reader }: AdminHome): Promise<void> => {
    const names = createNames(reader);
    const resolver = createResolver(reader, names);
    const span = await spanBetween(reader, since, until);
    const end = Math.min(span.upTo, await lastPosition(reader));
    const asked = subject === undefined ? null : await resolver.resolve(subject, end);
    const concerned = account === undefined ? null : await resolver.resolveAccount(account, end);
    const isRoom = asked?.kind === 'room';
    const events = readHistory(reader, {
      type,
      limit,
      stream: options.stream ?? (isRoom ? asked.stream : undefined),
      accounts: [isRoom ? null : asked, concerned].flatMap((one) => (one === null ? [] : one.id)),
      span,
      follow,
      signal: stopping.signal,
      schedule: keepAliveSchedule,
    });
    const line = json ? entryJson : entryText;
    let isEmpty = true;
    await print(
      process.stdout,
      (async function* () {
        for await (const event of events) {
          isEmpty = false;
          yield await line(event, names);
        }
      })(),
    );
    // Without this note a mistyped filter looks like an empty log. It goes to standard error because programs read only
    // standard output.
    if (isEmpty && !follow) process.stderr.write('No events match.\n');
  };
  await inHome(home, work, 'look at an older home');
}

export async function show(subject: string, { home, at, json = false }: AtMoment): Promise<void> {
  await look(home, async (from) => {
    const point = await from.pointAt(at);
    const resolved = await from.resolver.resolve(subject, point.position);
    const shown =
      resolved.kind === 'room'
        ? await showRoom(from, resolved, point)
        : await showAccount(from, resolved, point);
    const decision = await unfinishedDecision(from, resolved.stream, point.position);
    if (json) return [jsonText('show/1', { ...shown, decision })];
    const notes = decision === null ? [] : await decisionLines(from, decision);
    return shownText(shown, await from.end(), paint(), notes);
  });
}

export async function whoLed(room: string, { home, at, json = false }: AtMoment): Promise<void> {
  await look(home, async (from) => {
    const point = await from.pointAt(at);
    const timeline = await readTimeline(from, await from.resolver.resolveRoom(room, point.position), point);
    return json ? [jsonText('who-led/1', timeline)] : timelineText(timeline, paint());
  });
}

export interface DiffOperands {
  readonly subject: string | undefined;
  readonly from: Moment;
  readonly to: Moment;
}

export async function diff(operands: DiffOperands, { home, json = false }: Readable): Promise<void> {
  await look(home, async (from) => {
    const [start, end] = [await from.pointAt(operands.from), await from.pointAt(operands.to)];
    const late = Math.max(start.position, end.position);
    const subject =
      operands.subject === undefined ? null : await from.resolver.resolve(operands.subject, late);
    return (async function* () {
      if (!json) yield `from ${pointText(start)}\nto   ${pointText(end)}`;
      const diffs =
        subject === null
          ? diffAll(from, start.position, end.position)
          : [await diffSubject(from, subject.stream, start.position, end.position)];
      for await (const one of diffs) {
        if (json) yield jsonText('diff/1', { from: start, to: end, ...one });
        else yield ['', ...(await diffText(from, one, late, paint()))].join('\n');
      }
    })();
  });
}

export async function trace(id: string, { home, json = false }: Readable): Promise<void> {
  await look(home, async (from) => {
    const found = await readTrace(from, id);
    return json ? [jsonText('trace/1', found)] : traceText(found, from.names, paint());
  });
}

interface ReplayOptions extends Readable {
  readonly since?: Moment;
  readonly until?: Moment;
  readonly speed?: Speed;
  readonly summary?: boolean;
}

export async function replay(subject: string | undefined, options: ReplayOptions): Promise<void> {
  const { home, since, until, json = false, speed = Number.POSITIVE_INFINITY } = options;
  const stopping = new AbortController();
  if (Number.isFinite(speed)) void whenAskedToStop().then(() => stopping.abort());
  const pace = createPace(speed, keepAliveSchedule, stopping.signal);
  const failed: { error: Error | null } = { error: null };
  await look(home, async (from) => {
    const span = await spanBetween(from.sql, since, until);
    const end = Math.min(span.upTo, await from.end());
    const stream = subject === undefined ? null : (await from.resolver.resolve(subject, end)).stream;
    const replayed = createReplay(from, stream, { ...span, upTo: end });
    return (async function* () {
      for await (const slice of replayed.slices()) {
        if (options.summary === true) continue;
        const lines: string[] = [];
        for (const one of slice) {
          await pace(one.step);
          if (stopping.signal.aborted) return;
          const text = json ? replayedJson(one) : await replayedText(one, from.names);
          if (Number.isFinite(speed)) yield text;
          else lines.push(text);
        }
        if (lines.length > 0) yield lines.join('\n');
      }
      const summary = replayed.summary();
      if (json) yield summaryJson(summary);
      else yield* await summaryText(summary, from.names);
      failed.error = replayError(summary);
    })();
  });
  if (failed.error !== null) throw failed.error;
}

export const paint = () => createPaint(process.stdout, process.env);

const onProblem = (problem: string): void => void process.stderr.write(`partyline: ${problem}\n`);

export async function look(
  home: string | undefined,
  linesOf: (look: Look) => Promise<AsyncIterable<string> | Iterable<string>>,
): Promise<void> {
  await withStates(home, onProblem, async (sql, snapshots) =>
    print(process.stdout, await linesOf(createLook(sql, snapshots))),
  );
}
