// Which settings each command takes: apart from the commands, so that `--help` loads none of them.
const terminalSettings = [
  'profile',
  'linkHost',
  'keepDays',
  'keepMessages',
  'notify',
  'theme',
  'keys',
  'logLevel',
] as const;

export const upSettings = [
  'home',
  'brokerPort',
  'brokerHost',
  'udpPort',
  'insecure',
  'tlsCert',
  'tlsKey',
  'natsServer',
  'bcryptCost',
  'loginQueue',
  'metricsPort',
  'metricsHost',
  'registrationsPerHour',
  'throttleLoopback',
  'adminAbsence',
  'requestRate',
  ...terminalSettings,
] as const;

export const chatSettings = ['home', ...terminalSettings] as const;

export const doctorSettings = ['home', 'brokerPort', 'brokerHost', 'natsServer'] as const;
