// The documents for users work: their commands can be typed, and the output they show appears.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type Fence, fencesOf } from './support/fences.js';
import { openOperatorShell } from './support/processes/operator-shell.js';
import { PlainTerminal, withoutTime } from './support/terminals/plain-terminal.js';
import { openStage, run } from './support/processes/tracker-process.js';

const root = new URL('../../', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, root), 'utf8');

const howTos = readdirSync(new URL('docs/how-to/', root)).map((name) => `docs/how-to/${name}`);

/** The header of a block with shell commands that are run in the folder of the tracker. */
const RUN = 'sh run';
/** The header of a block with lines that the last of these commands has printed. */
const OUTPUT = 'text output';

/** The person who types or sees the lines of a block. Null for any other block. */
function part({ info }: Fence): { readonly who: string; readonly isSeen: boolean } | null {
  const [, who, sees] = /^text (\w+)( sees)?$/.exec(info) ?? [];
  return who === undefined || info === OUTPUT ? null : { who, isSeen: sees !== undefined };
}

/** The documents with lines to type. */
const stories = ['README.md', 'docs/tutorial.md', 'docs/admin.md', ...howTos].filter((document) =>
  fencesOf(read(document)).some((fence) => part(fence) !== null),
);

async function play(t: ExecutionContext, document: string): Promise<number> {
  const stage = await openStage(t);
  const seated = new Map<string, PlainTerminal>();
  const all: PlainTerminal[] = [];
  const terminalOf = (who: string): PlainTerminal => {
    const present = seated.get(who);
    if (present !== undefined) return present;
    const home = join(stage.folder, 'terminals');
    const terminal = new PlainTerminal({ profile: who, home, invite: stage.invite });
    t.teardown(() => terminal.kill());
    seated.set(who, terminal);
    all.push(terminal);
    return terminal;
  };
  const shell = await openOperatorShell(t, stage);
  let typed = 0;
  /** The refusals that the document itself announces. */
  const refusals = new Set<string>();
  for (const fence of fencesOf(read(document))) {
    const known = part(fence);
    if (fence.info === RUN) {
      for (const line of fence.lines) await shell.run(line);
      typed += fence.lines.length;
    }
    if (fence.info === OUTPUT) {
      for (const line of fence.lines) t.true(shell.hasShown(line), `${document}: ${line}`);
    }
    if (known === null) continue;
    for (const line of fence.lines) {
      const terminal = terminalOf(known.who);
      if (known.isSeen) {
        await terminal.sees(line);
        refusals.add(withoutTime(line));
      } else {
        await terminal.type(line);
        typed += 1;
        if (line === '/quit') seated.delete(known.who);
      }
    }
  }
  for (const { lines } of all) {
    const errors = lines.filter((line) => line.startsWith('!!') && !refusals.has(line));
    t.deepEqual(errors, [], document);
  }
  return typed;
}

for (const document of stories) {
  test.serial(`docs: every typed line of ${document} works, and every shown line appears`, async (t) => {
    t.true((await play(t, document)) > 3);
  });
}

/** The commands of a shell line, each with its arguments. A line joined with `&&` holds several commands. */
const shellCommands = (document: string): readonly string[] =>
  fencesOf(read(document))
    .filter(({ info }) => info === 'sh' || info === RUN)
    .flatMap(({ lines }) => lines.flatMap((line) => line.split('&&')))
    .map((command) => command.trim());

test('docs: every shell command of the documents for users exists, with its flags', async (t) => {
  const { scripts } = JSON.parse(read('package.json')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const helps = new Map<string, string>();
  const helpOf = async (words: readonly string[]): Promise<string> => {
    const key = words.join(' ');
    const known = helps.get(key) ?? (await run([...words, '--help'])).lines.join('\n');
    helps.set(key, known);
    return known;
  };
  for (const document of stories) {
    for (const command of shellCommands(document)) {
      const [program, first = '', ...rest] = command.split(/\s+/);
      if (program === 'npm') {
        const script = first === 'run' ? (rest[0] ?? '') : first;
        t.true(script === 'install' || script in scripts, `${document}: ${command}`);
      } else if (program === 'node') {
        t.is(first, 'bin/partyline.js', `${document}: ${command}`);
        const words = rest[0] === 'admin' ? rest.slice(0, 2) : rest.slice(0, 1);
        const help = await helpOf(words);
        t.regex(
          help,
          new RegExp(`^Usage: partyline ${words.join(' ')}( |$)`, 'm'),
          `${document}: ${command}`,
        );
        for (const flag of rest.filter((word) => word.startsWith('--'))) {
          t.true(help.includes(` ${flag}`), `${document}: ${command}: ${flag}`);
        }
      } else {
        t.true(['cat', 'cd', 'git'].includes(program ?? ''), `${document}: ${command}`);
      }
    }
  }
});

test('docs: every document is in the index, and every link between documents has a target', (t) => {
  const index = read('docs/README.md');
  const documents = readdirSync(new URL('docs/', root), { recursive: true, encoding: 'utf8' });
  for (const name of documents.filter((one) => one.endsWith('.md') && one !== 'README.md')) {
    t.true(index.includes(`(${name})`), name);
  }
  for (const name of [
    ...documents.filter((one) => one.endsWith('.md')).map((one) => `docs/${one}`),
    'README.md',
  ]) {
    for (const [, target = ''] of read(name).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)) {
      t.notThrows(() => readFileSync(new URL(target, new URL(name, root))), `${name}: ${target}`);
    }
  }
});
