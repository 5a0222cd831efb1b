#!/usr/bin/env node
// The `partyline` command, in plain JavaScript that every version of Node can read: an old version shows an error message
// instead of a syntax error.
import { existsSync } from 'node:fs';

const [major, minor] = process.versions.node.split('.').map(Number);
const program = new URL('../dist/bin/main.js', import.meta.url);

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`partyline: Node 20.19 or newer is needed; this is ${process.versions.node}.\n`);
  process.exitCode = 1;
} else if (!existsSync(program)) {
  process.stderr.write(
    'partyline: not built yet; run `npm install` (or `npm run build`) in its folder first.\n',
  );
  process.exitCode = 1;
} else {
  await import(program.href);
}
