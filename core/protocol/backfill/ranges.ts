// The numbers of the messages of one device that a terminal has, as ranges, and their text form on a link. Pure.
import { z } from 'zod';
import { type DeviceId, deviceIdSchema } from '../../ids.js';

/** All numbers from the first to the last, both included. */
export type Range = readonly [first: number, last: number];

export interface DeviceRanges {
  readonly device: DeviceId;
  /** Ascending, with a gap between any two. */
  readonly ranges: readonly Range[];
}

/** The maximum number of ranges of one device in one request. The latest are sent. */
const RANGES_PER_DEVICE = 64;

const WRITTEN = /^U[A-Z2-7]{55}( [1-9]\d{0,14}-[1-9]\d{0,14}){1,64}$/;

/** For example `U… 1-7 9-9`. */
export const deviceRangesSchema = z
  .string()
  .max(2_200)
  .regex(WRITTEN)
  .transform((text): DeviceRanges => {
    const [device, ...written] = text.split(' ');
    const ranges = written.map((range): Range => {
      const [first, last] = range.split('-').map(Number);
      return [first ?? 0, last ?? 0];
    });
    return { device: deviceIdSchema.parse(device), ranges };
  })
  .refine(({ ranges }) => ranges.every(isInOrder), 'Ranges must be in order and must not touch.');

function isInOrder([first, last]: Range, index: number, all: readonly Range[]): boolean {
  return first <= last && (all[index - 1]?.[1] ?? -1) + 1 < first;
}

/** Returns the latest ranges of a device as text; null if there are none. */
export function writeRanges({ device, ranges }: DeviceRanges): string | null {
  const latest = ranges.slice(-RANGES_PER_DEVICE).map(([first, last]) => `${first}-${last}`);
  return latest.length === 0 ? null : [device, ...latest].join(' ');
}

/** Returns the numbers in `ranges` that are not in `without`. Both lists are ascending. */
export function subtractRanges(ranges: readonly Range[], without: readonly Range[]): readonly Range[] {
  const left: Range[] = [];
  let at = 0;
  for (const [first, last] of ranges) {
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

/** Returns the part of `ranges` from the number `first` on. */
export function rangesFrom(ranges: readonly Range[], first: number): readonly Range[] {
  return ranges.filter(([, last]) => last >= first).map(([start, last]) => [Math.max(start, first), last]);
}

/** Subtracts the ranges of each device and drops devices without a remaining range. */
export function subtractHeld(
  offered: readonly DeviceRanges[],
  held: readonly DeviceRanges[],
): readonly DeviceRanges[] {
  const known = new Map(held.map(({ device, ranges }) => [device, ranges]));
  return offered
    .map(({ device, ranges }) => ({ device, ranges: subtractRanges(ranges, known.get(device) ?? []) }))
    .filter(({ ranges }) => ranges.length > 0);
}

export function rangesInclude(held: readonly DeviceRanges[], device: DeviceId, seq: number): boolean {
  const ranges = held.find((one) => one.device === device)?.ranges ?? [];
  return ranges.some(([first, last]) => first <= seq && seq <= last);
}
