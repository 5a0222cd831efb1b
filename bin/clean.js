// Removes what the last build left, so that a deleted source leaves no ghost in `dist`.
import { rmSync } from 'node:fs';

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
