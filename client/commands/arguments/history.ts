// The argument readers of /history, /search and /export.
import { isVisible } from '../../../core/protocol/message/visible.js';
import type { ConversationLabel } from '../../chat/events.js';
import { type ArgumentReader, type Reading, right, target, tooMuch, wrong } from './arguments.js';
import { quoted } from '../quoted.js';

export interface Page {
  /** Null for the current conversation. */
  readonly label: ConversationLabel | null;
  readonly count: number;
}

const COUNT_UNLESS_TOLD = 20;
const COUNT_AT_MOST = 1_000;
const WORDS_AT_MOST = 16;

/** `[CONVERSATION] [COUNT]`. The conversation needs its `#` or `@`. */
export const historyPage: ArgumentReader<Page> = (rest) => {
  const words = rest.trim() === '' ? [] : rest.trim().split(/\s+/, 3);
  const label = isLabel(words[0]) ? labelOf(words.shift() ?? '') : right(null);
  if (!label.ok) return label;
  const [count, extra] = words;
  if (extra !== undefined) return wrong(tooMuch(extra));
  if (count === undefined) return right({ label: label.value, count: COUNT_UNLESS_TOLD });
  if (!/^\d{1,4}$/.test(count) || Number(count) < 1 || Number(count) > COUNT_AT_MOST) {
    return wrong(
      `${quoted(count)} is neither a conversation (#room or @user) nor a number of messages from 1 to ${COUNT_AT_MOST}.`,
    );
  }
  return right({ label: label.value, count: Number(count) });
};

/** `WORDS`. */
export const searchWords: ArgumentReader<readonly string[]> = (rest) => {
  const words = rest.trim() === '' ? [] : rest.trim().split(/\s+/, WORDS_AT_MOST + 1);
  if (words.length === 0) return wrong('The words to look for are missing.');
  if (!words.some((word) => /[\p{L}\p{N}]/u.test(word)))
    return wrong('Search for at least one word with a letter or a digit.');
  return words.length > WORDS_AT_MOST ? wrong(`Search for at most ${WORDS_AT_MOST} words.`) : right(words);
};

export interface Export {
  readonly label: ConversationLabel | null;
  readonly file: string;
}

/**
 * `[CONVERSATION] FILE`. The file is the rest of the line, with or without double quotes, and may contain spaces. A file name
 * that begins with `#` or `@` is written `./#file`.
 */
export const exportFile: ArgumentReader<Export> = (rest) => {
  const [, first = '', after = ''] = /^\s*(\S*)([^]*)$/.exec(rest) ?? [];
  const label = isLabel(first) ? labelOf(first) : right(null);
  if (!label.ok) return label;
  const written = (label.value === null ? rest : after).trim();
  const file = /^"([^"]*)"$/.exec(written)?.[1] ?? written;
  return !isVisible(file) ? wrong('The name of the file is missing.') : right({ label: label.value, file });
};

/** `[ok]`: whether the word is present. */
export const optionalOk: ArgumentReader<boolean> = (rest) => {
  const word = rest.trim();
  if (word !== '' && word.toLowerCase() !== 'ok') return wrong(`Type "ok" to confirm, not ${quoted(word)}.`);
  return right(word !== '');
};

const isLabel = (word: string | undefined): boolean => /^[#@]/.test(word ?? '');

function labelOf(word: string): Reading<ConversationLabel | null> {
  const read = target(word);
  return read.ok ? right('label' in read.value ? read.value.label : null) : read;
}
