// The cost of durability alone: rows per second into a single table, several per commit.
import Database from 'libsql';

export interface Commits {
  readonly file: string;
  readonly rowBytes: number;
  readonly rowsEach: number;
  readonly seconds: number;
}

export function rawCommits({ file, rowBytes, rowsEach, seconds }: Commits): number {
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec('CREATE TABLE rows (id INTEGER PRIMARY KEY, body TEXT)');
  const insert = database.prepare('INSERT INTO rows (body) VALUES (?)');
  const body = 'x'.repeat(rowBytes);
  const batch = database.transaction(() => {
    for (let row = 0; row < rowsEach; row++) insert.run(body);
  });
  let count = 0;
  const start = performance.now();
  while (performance.now() - start < 1_000 * seconds) {
    batch();
    count += rowsEach;
  }
  const rate = (1_000 * count) / (performance.now() - start);
  database.close();
  return rate;
}
