// A second process for specs: opens the profile `argv[3]` in the home folder `argv[2]` and holds it until it is killed.

import { openProfile } from '../../../client/profile/profile.js';
import { systemClock } from '../../../core/time/clock.js';
import { generateSigningKey } from '../../../core/keys.js';

const [home = '', name = ''] = process.argv.slice(2);
const tools = { clock: systemClock, newKey: generateSigningKey };
const profile = await openProfile({ home, name, invite: null, localInvite: null }, tools);
process.send?.({ holds: profile.name });
setInterval(() => profile.name, 60_000);
