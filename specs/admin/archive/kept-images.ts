// The images of a home while a program writes to it: copies of the files as a killed process would leave them at each await.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WriteConnection } from '../../../core/events/sql/sql.js';

export interface KeptImages {
  /** The connection, with a copy of the home before and after each of its operations. */
  readonly watch: (connection: WriteConnection) => WriteConnection;
  /** The number of operations. */
  readonly awaits: () => number;
  /** The folders of all different images. */
  readonly folders: () => readonly string[];
}

/** @param folder gets the images */
export function keepImages(home: string, folder: string): KeptImages {
  const images = new Set<string>();
  let awaits = 0;

  async function keepImage(): Promise<void> {
    const files = (await readdir(home)).filter((name) => /^tracker\.db(-wal)?$|^keys\.json$/.test(name));
    const contents = await Promise.all(files.map((name) => readFile(join(home, name))));
    const digest = createHash('sha256');
    for (const content of contents) digest.update(content);
    const image = join(folder, digest.digest('hex').slice(0, 16));
    if (images.has(image)) return;
    images.add(image);
    await mkdir(image);
    for (const [index, name] of files.entries()) await writeFile(join(image, name), contents[index] ?? '');
  }

  return {
    watch: (connection) =>
      new Proxy(connection, {
        get(target, property) {
          const value: unknown = Reflect.get(target, property, target);
          if (typeof value !== 'function') return value;
          return async (...given: unknown[]): Promise<unknown> => {
            await keepImage();
            awaits += 1;
            const result: unknown = await Reflect.apply(value, target, given);
            await keepImage();
            return result;
          };
        },
      }),
    awaits: () => awaits,
    folders: () => [...images],
  };
}
