// The owner of cleanup functions: a spec, or a program that works like one.
import type { ExecutionContext } from 'ava';

export type Keeper = Pick<ExecutionContext, 'teardown'>;
