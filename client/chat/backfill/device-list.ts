// The list of devices and their messages in an announcement or a request, in wire form.
import { DEVICES_AT_ONCE } from '../../../core/protocol/backfill/backfill.js';
import { type DeviceRanges, writeRanges } from '../../../core/protocol/backfill/ranges.js';

const MAX_BYTES = 48 * 1024;

/** The devices, as many as fit into one payload. */
export function writeDevices(devices: readonly DeviceRanges[]): readonly string[] {
  let bytes = 0;
  return devices
    .flatMap((one) => writeRanges(one) ?? [])
    .filter((text) => (bytes += text.length) <= MAX_BYTES)
    .slice(0, DEVICES_AT_ONCE);
}
