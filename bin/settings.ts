// The settings that each command takes. They are in a separate file so that `--help` loads no command.
const terminalSettings = [
  'profile',
  'linkHost',
  'keepDays',
  'keepMessages',
  'notify',
  'screenReader',
  'theme',
  'ascii',
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
