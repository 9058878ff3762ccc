// Both programs and the suite read the time through libfaketime, moved by what stands in one file.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const libraries = '/usr/lib';
const name = join('faketime', 'libfaketimeMT.so.1');

export function settings(service) {
  const library = readdirSync(libraries).map((each) => join(libraries, each, name)).find((path) => existsSync(path));
  if (library === undefined) {
    throw new Error(`${join(libraries, '*', name)} is not there: install Debian's package faketime`);
  }

  const file = join(service.directory, 'clock');
  writeFileSync(file, '+0\n');
  // Why: timers go by the monotonic clock, which must not jump; without its cache every process sees a move at once
  const moved = { LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' };
  return { gateway: {}, service: moved, suite: { ...moved, KMSGATEWAY_CLOCK: file } };
}
