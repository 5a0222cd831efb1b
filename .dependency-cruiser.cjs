// The direction of imports between folders. Each rule's comment is its reason.
const only = (name, comment, from, allowed) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^(core|actors|client|admin|migrations|bin|bench|specs)/', pathNot: allowed },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'a cycle is two nouns in one',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'a file nobody imports is dead',
      severity: 'error',
      from: { orphan: true, pathNot: '(\\.d\\.ts$|^specs/|^bin/|^migrations/)' },
      to: {},
    },
    only('core-alone', 'the engine and the protocol know nothing above them', '^core/', '^core/'),
    only(
      'events-below-actor',
      'the log does not know who writes it',
      '^core/events/',
      '^core/(events/|time/|[^/]+$)',
    ),
    only(
      'actor-without-bus',
      'an actor does not know how its commands arrive',
      '^core/actor/',
      '^core/(actor/|events/|time/|[^/]+$)',
    ),
    only(
      'bus-without-actor',
      'the bus does not know what it carries',
      '^core/bus/',
      '^core/(bus/|time/|[^/]+$)',
    ),
    only(
      'protocol-pure',
      'the wire format stands on nothing',
      '^core/protocol/',
      '^core/(protocol/|time/|[^/]+$)',
    ),
    only('actors-on-core', 'the tracker knows no terminal', '^actors/', '^(actors|core|migrations/tracker)/'),
    only(
      'client-on-core',
      'a terminal knows no tracker code',
      '^client/',
      '^(client|core|migrations/client)/',
    ),
    only(
      'admin-on-machines',
      'the replay tool reads the log through the machines',
      '^admin/',
      '^(admin|core|actors)/',
    ),
    {
      name: 'faces-above-chat',
      comment: 'a face drives the headless chat and knows neither links nor NATS',
      severity: 'error',
      from: { path: '^client/(dashboard|plain|json|wording)/' },
      to: { path: '^client/(links|session|history)/' },
    },
    {
      name: 'faces-apart',
      comment: 'what two faces say alike belongs to the wording; no face knows another',
      severity: 'error',
      from: { path: '^client/(dashboard|plain|json)/' },
      to: { path: '^client/(dashboard|plain|json)/', pathNot: '^client/$1/' },
    },
    {
      name: 'wording-below-faces',
      comment: 'what is said does not know where it is shown',
      severity: 'error',
      from: { path: '^client/wording/' },
      to: { path: '^client/(dashboard|plain|json)/' },
    },
    {
      name: 'pure-machines',
      comment: 'machines decide; I/O, clock and randomness come in with the command',
      severity: 'error',
      from: { path: '/machine(\\.|/)' },
      to: { dependencyTypes: ['core', 'npm'], pathNot: 'node_modules/xstate/' },
    },
    {
      name: 'not-to-specs',
      comment: 'nothing depends on its own proof',
      severity: 'error',
      from: { pathNot: '^(specs|bench)/' },
      to: { path: '^specs/' },
    },
    {
      name: 'not-to-dev',
      comment: 'what ships may not need development packages',
      severity: 'error',
      from: { pathNot: '^(specs|bench)/' },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
