// The plain face on a fake chat, for specs that type keys and read rows.
import { PassThrough } from 'node:stream';
import type { ExecutionContext } from 'ava';
import { type PlainFace, runPlain } from '../../../client/plain/face.js';
import { FakeChat } from '../fake-chat.js';
import { TinyTerminal } from './tiny-terminal.js';
import { until } from '../until.js';

export const NOON = Date.UTC(2026, 10, 22, 12, 1);

export interface PlainWishes
  extends Partial<
    Pick<PlainFace, 'isTerminal' | 'isForScreenReader' | 'env' | 'patienceMs' | 'notify' | 'note'>
  > {
  readonly chat?: FakeChat;
}

/** Runs on pipes by default. */
export function startPlainFace(t: ExecutionContext, { chat = new FakeChat(), ...wishes }: PlainWishes = {}) {
  const input = new PassThrough();
  const screen = new TinyTerminal();
  /** Time passes with each piece of typing, so that an Enter of its own is never a part of the text before it. */
  let nowMs = 0;
  const ended = runPlain({
    chat,
    input,
    output: screen,
    env: {},
    isTerminal: false,
    isForScreenReader: false,
    clock: { now: () => NOON },
    monotonicNow: () => nowMs,
    notify: 'off',
    ...wishes,
  });
  t.teardown(() => input.destroy());
  return {
    chat,
    input,
    screen,
    ended,
    type: (keys: string) => {
      nowMs += 1_000;
      input.write(keys);
    },
    shows: (...rows: readonly string[]) =>
      until(
        () => rows.every((row, index) => screen.rows.at(index - rows.length) === row),
        `${JSON.stringify(rows)} at the end of the screen`,
        2_000,
      ).then(
        () => t.pass(),
        (error: unknown) => t.fail(`${String(error)}; it has ${JSON.stringify(screen.rows)}`),
      ),
  };
}

/** On a terminal without colour. */
export const startPrompt = (t: ExecutionContext, wishes: PlainWishes = {}) =>
  startPlainFace(t, { isTerminal: true, env: { NO_COLOR: '1' }, ...wishes });
