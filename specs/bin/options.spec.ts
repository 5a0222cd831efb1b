// Settings as a command reads them, from flag, environment and default.
import { Command } from 'commander';
import test from 'ava';
import { withSettings } from '../../bin/options.js';
import { type SettingName, settings } from '../../core/config.js';

const switches = (Object.keys(settings) as SettingName[]).filter(
  (name) => typeof settings[name].fallback === 'boolean',
);

/** The options that a command with every switch reads from `args`. */
function read(args: readonly string[]): Readonly<Record<string, unknown>> {
  const command = withSettings(
    new Command().exitOverride().configureOutput({ writeErr: () => {} }),
    switches,
  );
  return command.parse(args, { from: 'user' }).opts();
}

test.serial('options: a switch is off unless its flag is given, alone or with a value', (t) => {
  t.true(switches.length > 1);
  for (const name of switches) {
    const { flag } = settings[name];
    t.is(read([])[name], false, flag);
    t.is(read([flag])[name], true, flag);
    t.is(read([flag, '1'])[name], true, flag);
    t.is(read([flag, '0'])[name], false, flag);
    t.throws(() => read([flag, 'maybe']), { message: /Give 1 or 0/ });
  }
});

test.serial('options: a switch in the environment counts by its value, and its flag overrides it', (t) => {
  for (const name of switches) {
    const { env, flag } = settings[name];
    t.teardown(() => delete process.env[env]);
    for (const [value, isOn] of Object.entries({ 1: true, true: true, 0: false, false: false, '': false })) {
      process.env[env] = value;
      t.is(read([])[name], isOn, `${env}=${value}`);
      t.is(read([flag])[name], true, `${env}=${value} ${flag}`);
    }
    process.env[env] = 'maybe';
    t.throws(() => read([]), { message: /Give 1 or 0/ });
    delete process.env[env];
  }
});
