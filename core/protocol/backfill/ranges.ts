// Which messages of a device somebody has, as runs of numbers, and how that is written on a link. Pure.
import { z } from 'zod';
import { type DeviceId, deviceIdSchema } from '../../ids.js';

/** All numbers from the first to the last. */
export type Run = readonly [first: number, last: number];

export interface DeviceRuns {
  readonly device: DeviceId;
  /** Ascending; no two touch. */
  readonly runs: readonly Run[];
}

/** How many runs of one device are told at once: the latest. */
const RUNS_PER_DEVICE = 64;

const WRITTEN = /^U[A-Z2-7]{55}( [1-9]\d{0,14}-[1-9]\d{0,14}){1,64}$/;

/** As `U… 1-7 9-9`. */
export const deviceRunsSchema = z
  .string()
  .max(2_200)
  .regex(WRITTEN)
  .transform((text): DeviceRuns => {
    const [device, ...written] = text.split(' ');
    const runs = written.map((run): Run => {
      const [first, last] = run.split('-').map(Number);
      return [first ?? 0, last ?? 0];
    });
    return { device: deviceIdSchema.parse(device), runs };
  })
  .refine(({ runs }) => runs.every(isInOrder), 'Runs are in order and apart.');

function isInOrder([first, last]: Run, index: number, all: readonly Run[]): boolean {
  return first <= last && (all[index - 1]?.[1] ?? -1) + 1 < first;
}

/** The latest runs of a device as text; null without any. */
export function writeRuns({ device, runs }: DeviceRuns): string | null {
  const latest = runs.slice(-RUNS_PER_DEVICE).map(([first, last]) => `${first}-${last}`);
  return latest.length === 0 ? null : [device, ...latest].join(' ');
}

/** What is in `runs` and not in `without`; both ascending. */
export function subtractRuns(runs: readonly Run[], without: readonly Run[]): readonly Run[] {
  const left: Run[] = [];
  let at = 0;
  for (const [first, last] of runs) {
    let from = first;
    while ((without[at]?.[1] ?? Infinity) < first) at += 1;
    for (let next = at; from <= last; next += 1) {
      const [start, end] = without[next] ?? [Infinity, Infinity];
      if (start > from) left.push([from, Math.min(last, start - 1)]);
      from = Math.max(from, end + 1);
    }
  }
  return left;
}

/** What is in `runs` from `first` on. */
export function runsFrom(runs: readonly Run[], first: number): readonly Run[] {
  return runs.filter(([, last]) => last >= first).map(([start, last]) => [Math.max(start, first), last]);
}

/** The same for each device; those of which nothing is left are gone. */
export function subtractHeld(
  offered: readonly DeviceRuns[],
  held: readonly DeviceRuns[],
): readonly DeviceRuns[] {
  const known = new Map(held.map(({ device, runs }) => [device, runs]));
  return offered
    .map(({ device, runs }) => ({ device, runs: subtractRuns(runs, known.get(device) ?? []) }))
    .filter(({ runs }) => runs.length > 0);
}

export function includesRun(held: readonly DeviceRuns[], device: DeviceId, seq: number): boolean {
  const runs = held.find((one) => one.device === device)?.runs ?? [];
  return runs.some(([first, last]) => first <= seq && seq <= last);
}
