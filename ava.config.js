// Two groups of specs, chosen by `GROUP`; without it every file can be run. Specs that start whole programs (trackers, brokers,
// terminals) run one test of a file at a time, so that at most three sets of programs share the machine.
const PROGRAMS = [
  'dist/specs/docs-run.spec.js',
  'dist/specs/admin/command-line.spec.js',
  'dist/specs/actors/two-trackers.spec.js',
  'dist/specs/bin/**/*.spec.js',
  'dist/specs/client/dashboard/{first-run,history,leaving,opening,screen,slow}.spec.js',
  'dist/specs/client/dashboard/overlay/links.spec.js',
  'dist/specs/e2e/**/*.spec.js',
  'dist/specs/fault/**/*.spec.js',
];
const ALL = 'dist/specs/**/*.spec.js';
const GROUPS = {
  parts: [ALL, ...PROGRAMS.map((pattern) => `!${pattern}`)],
  programs: PROGRAMS,
};

export default {
  files: GROUPS[process.env.GROUP] ?? [ALL],
  workerThreads: false,
  concurrency: process.env.GROUP === 'programs' ? 3 : 2,
  serial: process.env.GROUP === 'programs',
  // Without any progress. A single wait of a spec ends before; see specs/support/until.ts.
  timeout: '5m',
  nodeArguments: ['--enable-source-maps'],
};
