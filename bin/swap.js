// Replaces the last build (`dist`) with a finished one (`dist.next`), so that no output of a deleted source file remains.
// Programs that run from `dist` find their files at all times: npm also builds at the first `npx partyline` in this folder,
// while a tracker may run from it. `--clean` deletes the remains of an interrupted build.
import { existsSync, renameSync, rmSync } from 'node:fs';

const [built, place, former] = ['dist.next', 'dist', 'dist.former'].map(
  (name) => new URL(`../${name}`, import.meta.url),
);

// A swap that stopped between its two steps leaves no `dist`. The last build is complete, so it is put back.
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
