// AVA's settings for one file (`npx ava dist/specs/PATH.spec.js`) and for one batch of files (see .ci/specs.mjs).
export default {
  files: [
    process.env.BATCH === undefined ? 'dist/specs/**/*.spec.js' : `dist/batches/${process.env.BATCH}.spec.js`,
  ],
  workerThreads: false,
  concurrency: 2,
  // Without any progress. A single wait of a spec ends before; see specs/support/until.ts.
  timeout: '5m',
  // Sentences with times are the same everywhere.
  environmentVariables: { TZ: 'UTC' },
};
