// The colours of text on a terminal. Other output stays plain, and so does a terminal with NO_COLOR.
import { styleText } from 'node:util';

export interface Paint {
  heading(text: string): string;
  faint(text: string): string;
  added(text: string): string;
  removed(text: string): string;
}

const style = (format: Parameters<typeof styleText>[0]) => (text: string) =>
  styleText(format, text, { validateStream: false });

export interface PaintedOutput {
  readonly isTTY?: boolean;
}

const plain = (text: string): string => text;

export const noPaint: Paint = { heading: plain, faint: plain, added: plain, removed: plain };

export function createPaint({ isTTY }: PaintedOutput, env: NodeJS.ProcessEnv): Paint {
  if (isTTY !== true || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return noPaint;
  return { heading: style('bold'), faint: style('dim'), added: style('green'), removed: style('red') };
}
