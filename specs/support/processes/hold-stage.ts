// A process like a spec: it starts a tracker and a terminal by the helpers of specs, and runs until it is killed.
import { openStage } from './tracker-process.js';

const stage = await openStage({ teardown: () => undefined });
stage.terminal('alice');
setInterval(() => undefined, 60_000);
