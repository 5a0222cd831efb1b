// A process that rebuilds the tables of a file, prints a line just before the commit, and waits to be killed.
import { derivedTables, trackerProjections } from '../../actors/projections/derived.js';
import { rebuildTables } from '../../core/events/derived/rebuild.js';
import { openShadow } from '../../core/events/derived/shadow.js';
import { isHeadSigned } from '../core/events/samples.js';

const [file = ''] = process.argv.slice(2);
const shadow = openShadow({ file, tables: derivedTables, forWriting: true });
const held = setInterval(() => undefined, 1_000);
const commit = (): Promise<void> =>
  new Promise(() => {
    process.stdout.write('about to commit\n');
  });
await rebuildTables({
  shadow: { ...shadow, sql: { ...shadow.sql, commit } },
  projections: trackerProjections,
  isHeadSigned,
  onProgress: () => undefined,
});
clearInterval(held);
