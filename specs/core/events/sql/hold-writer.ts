// A process that has a database open: it adds the row 3, and then runs each statement that it receives.
import Libsql from 'libsql';
import { prepareWriter } from '../../../../core/events/sql/sqlite.js';

const writer = new Libsql(process.argv[2] ?? '');
prepareWriter(writer);
run('INSERT INTO notes VALUES (3)');
process.on('message', (statement) => run(String(statement)));

function run(statement: string): void {
  writer.exec(statement);
  process.send?.('done');
}
