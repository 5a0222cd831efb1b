// Commands that sentences mention, in the form that the reader can type.
import test from 'ava';
import { typeable } from '../../bin/invocation.js';

const REMEDY = 'Run `partyline doctor`, or start with: partyline chat INVITE.';
const started = (program: string, env: Readonly<Record<string, string>> = {}) => ({
  argv: ['/usr/bin/node', program],
  env,
  cwd: () => '/srv/partyline',
});

test('invocation: in the folder of a clone, the command is the one in the documents', (t) => {
  t.is(
    typeable(REMEDY, started('/srv/partyline/bin/partyline.js')),
    'Run `node bin/partyline.js doctor`, or start with: node bin/partyline.js chat INVITE.',
  );
});

test('invocation: from another folder, the command has the absolute path', (t) => {
  t.is(
    typeable('partyline up', started('/opt/partyline/bin/partyline.js')),
    'node /opt/partyline/bin/partyline.js up',
  );
});

test('invocation: by npx, or when installed, the command is `npx partyline` or `partyline`', (t) => {
  const program = '/home/ann/.npm/_npx/0/node_modules/.bin/partyline';
  t.is(typeable('partyline up', started(program, { npm_command: 'exec' })), 'npx partyline up');
  t.is(typeable('partyline up', started('/usr/local/bin/partyline')), 'partyline up');
});

test('invocation: text that is not a command stays unchanged', (t) => {
  const text = 'partyline: no account is called partyline; see partyline://host';
  t.is(typeable(text, started('/srv/partyline/bin/partyline.js')), text);
});
