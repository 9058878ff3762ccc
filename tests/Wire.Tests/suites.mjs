// Runs the Node suites against the built program: `node suites.mjs [--topology embedded|split] [--results FILE] [NAME...]`.
// Every suite gets a service of its own, so that suites may count what is stored. One line per suite goes to FILE:
// name, passed, failed, skipped, seconds, separated by tabs.
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repository, Service } from './harness.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    topology: { type: 'string', default: process.env.KMSGATEWAY_TOPOLOGY ?? 'embedded' },
    results: { type: 'string' },
  },
});

if (!['embedded', 'split'].includes(options.topology)) {
  throw new Error(`--topology is embedded or split, not ${options.topology}`);
}

const folder = join(repository, 'tests', 'Wire.Tests');
const artifacts = join(repository, 'artifacts', 'wire', options.topology);
mkdirSync(artifacts, { recursive: true });

const suites = readdirSync(join(folder, 'suites'))
  .filter((name) => name.endsWith('.test.mjs'))
  .filter((name) => positionals.length === 0 || positionals.some((wanted) => name.includes(wanted)))
  .sort();
if (suites.length === 0) {
  throw new Error(`no suite is named like ${positionals.join(', ')}`);
}

let failures = 0;
for (const suite of suites) {
  const result = await runSuite(suite);
  failures += result.failed;
  if (options.results !== undefined) {
    appendFileSync(options.results, [result.name, result.passed, result.failed, result.skipped, result.seconds].join('\t') + '\n');
  }

  console.log(`${result.name}: ${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped, ${result.seconds} s`);
}

process.exitCode = failures === 0 ? 0 : 1;

async function runSuite(file) {
  const name = `node ${file.replace('.test.mjs', '')} (${options.topology})`;
  const started = Date.now();
  const report = join(artifacts, `${file}.tap`);
  const service = new Service(options.topology, {}, join(artifacts, `${file}.service.log`));
  const own = await settingsOf(file, service);
  Object.assign(service.gatewaySettings, own.gateway);
  Object.assign(service.settings, own.service);
  const faults = [];
  let tap = { text: '', exitCode: null };
  try {
    await service.start();
    tap = await runNode(join(folder, 'suites', file), { ...service.describe(), ...own.suite });
  } catch (error) {
    faults.push(`the service did not start: ${error.message}`);
  }

  try {
    faults.push(...await service.stop());
  } catch (error) {
    faults.push(error.message);
  }

  service.remove();
  writeFileSync(report, tap.text);
  const counts = count(tap, faults);
  printFaults(name, tap.text, faults);
  printCoverage(tap.text);
  return { name, ...counts, seconds: Math.round((Date.now() - started) / 1000) };
}

/** What NAME.settings.mjs beside a suite says: settings of its gateway, of both programs (`service`), and variables for itself. */
async function settingsOf(file, service) {
  const path = join(folder, 'suites', file.replace('.test.mjs', '.settings.mjs'));
  return existsSync(path) ? (await import(path)).settings(service) : { gateway: {}, service: {}, suite: {} };
}

function runNode(file, environment) {
  const child = spawn(process.execPath, ['--test', '--test-reporter=tap', '--test-reporter-destination=stdout', file], {
    cwd: folder,
    env: { ...process.env, ...environment, NODE_TEST_CONTEXT: undefined },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (part) => { text += part; });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ text, exitCode }));
  });
}

/** The true sum of one suite: a crash, a suite without tests and a service that did not stop well are failures too. */
function count(tap, faults) {
  const summary = (word) => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(tap.text)?.[1] ?? 0);
  const passed = summary('pass');
  let failed = summary('fail') + summary('cancelled');
  const skipped = summary('skipped');
  if (tap.exitCode !== null && tap.exitCode !== 0 && failed === 0) {
    faults.push(`node --test ended with ${tap.exitCode} and named no failure`);
  } else if (tap.exitCode === 0 && passed === 0) {
    faults.push('no test ran');
  }

  failed += faults.length;
  return { passed, failed, skipped };
}

/** Each failed test with the first lines of its error; suites that only contain failures are left out. */
function printFaults(name, text, faults) {
  const failed = [...text.matchAll(/^ *not ok \d+ - (.*)\n *---\n([^]*?)^ *\.\.\.$/gm)]
    .filter(([, , details]) => !details.includes("failureType: 'subtestsFailed'"))
    .map(([, title, details]) => `${title}\n${errorOf(details)}`);
  for (const each of [...faults, ...failed]) {
    console.log(`  ${name}: ${each}`);
  }
}

/** What a suite says it covers: a line of its own that begins so. */
function printCoverage(text) {
  for (const [, line] of text.matchAll(/^# (coverage of .*)$/gm)) {
    console.log(`  ${line}`);
  }
}

function errorOf(details) {
  const error = /^( *)error: (.*(?:\n\1 .*)*)/m.exec(details);
  return (error?.[2] ?? '').split('\n').slice(0, 8).map((line) => `      ${line.trim()}`).join('\n');
}
