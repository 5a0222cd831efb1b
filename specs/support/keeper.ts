// Who ends what was started when they are done with it: a spec, or a program like one.
import type { ExecutionContext } from 'ava';

export type Keeper = Pick<ExecutionContext, 'teardown'>;
