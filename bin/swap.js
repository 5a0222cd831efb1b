// Puts a finished build (`dist.next`) in the place of the last one (`dist`), so that a deleted source leaves no ghost there, and
// what runs from `dist` finds its files all the while: npm also builds at the first `npx partyline` in this folder, while a
// tracker may serve from it. With `--clean`: takes away what a build that was cut off has left.
import { existsSync, renameSync, rmSync } from 'node:fs';

const [built, place, former] = ['dist.next', 'dist', 'dist.former'].map(
  (name) => new URL(`../${name}`, import.meta.url),
);

// A swap that was cut off between its two steps has left no build in its place: the last one is whole.
if (!existsSync(place) && existsSync(former)) renameSync(former, place);
for (const leftover of process.argv.includes('--clean') ? [built, former] : [former]) remove(leftover);
if (existsSync(built)) {
  if (existsSync(place)) renameSync(place, former);
  renameSync(built, place);
  remove(former);
}

function remove(folder) {
  rmSync(folder, { recursive: true, force: true });
}
