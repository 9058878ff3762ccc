// A second look at the mutants that a run left alive, after tests were added.
//
//   node survivors.mjs patterns REPORT REPOSITORY   what to mutate: the places of the living mutants, whole files that changed since
//   node survivors.mjs merge REPORT NEWER           takes the newer answers into REPORT
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const alive = new Set(['Survived', 'NoCoverage']);
const tested = new Set([...alive, 'Killed', 'Timeout']);
const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const nameOf = (path) => path.split('/policy/').at(-1);
const keyOf = (mutant) => JSON.stringify([mutant.location, mutant.mutatorName, mutant.replacement]);

/** Offset of a place that is told by line and column, both from 1. */
function offsetOf(lines, place) {
  return lines.slice(0, place.line - 1).reduce((sum, line) => sum + line.length + 1, 0) + place.column - 1;
}

function patterns(report, repository) {
  for (const [path, file] of Object.entries(report.files)) {
    const mutants = file.mutants.filter((mutant) => tested.has(mutant.status));
    if (mutants.length === 0) {
      continue;
    }

    const source = readFileSync(join(repository, 'policy', nameOf(path)), 'utf8');
    const lines = source.split('\n');
    const spans = mutants
      .filter((mutant) => alive.has(mutant.status))
      .map(({ location }) => `{${offsetOf(lines, location.start)}..${offsetOf(lines, location.end)}}`);
    if (source !== file.source) {
      console.log(nameOf(path));
    } else if (spans.length > 0) {
      console.log(nameOf(path) + [...new Set(spans)].join(''));
    }
  }
}

function merge(path, newer) {
  const report = read(path);
  const names = new Map(Object.keys(report.files).map((key) => [nameOf(key), key]));
  for (const [key, file] of Object.entries(newer.files)) {
    const answers = new Map(file.mutants.filter((mutant) => tested.has(mutant.status)).map((mutant) => [keyOf(mutant), mutant]));
    const old = report.files[names.get(nameOf(key))];
    if (answers.size === 0) {
      continue;
    }

    if (old.source !== file.source) {
      report.files[names.get(nameOf(key))] = file;
    } else {
      old.mutants = old.mutants.map((mutant) => answers.get(keyOf(mutant)) ?? mutant);
    }
  }

  writeFileSync(path, JSON.stringify(report));
}

const [command, first, second] = process.argv.slice(2);
if (command === 'patterns') {
  patterns(read(first), second);
} else if (command === 'merge') {
  merge(first, read(second));
} else {
  console.error('patterns REPORT REPOSITORY | merge REPORT NEWER');
  process.exitCode = 64;
}
