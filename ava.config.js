export default {
  files: ['dist/specs/**/*.spec.js'],
  workerThreads: false,
  concurrency: 2,
  timeout: '60s',
  nodeArguments: ['--enable-source-maps'],
};
