// How long POST /policy/matrix takes for 50,000 cells over HTTPS with the vendor's client: the best and the median of ten, in
// milliseconds. `node tests/Wire.Tests/bench-matrix.mjs` after a Release build; needs `npm ci` in this folder.
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Service } from './harness.mjs';

const rounds = 10;
const statements = 20;
const size = { principals: 10, actions: 10, resources: 100, contexts: 5 };

if (process.env.KMSGATEWAY_HTTPS === undefined) {
  const service = await new Service('embedded', {}, join(tmpdir(), 'kmsgateway-bench-matrix.log')).start();
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], { stdio: 'inherit', env: { ...process.env, ...service.describe() } });
  process.exitCode = await new Promise((resolve) => { child.on('close', (code) => resolve(code ?? 1)); });
  await service.stop();
  service.remove();
} else {
  const { policyClient } = await import('./clients.mjs');
  const { target } = await import('./target.mjs');
  const client = policyClient(target.root);
  const body = question(target);
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    const answer = await client.call('SimulatePolicyMatrix', '/policy/matrix', body);
    times.push(Math.round(performance.now() - started));
    if (answer.cells.length !== 50_000) {
      throw new Error(`${answer.cells.length} cells`);
    }
  }

  times.sort((left, right) => left - right);
  console.log(`50000 cells: best ${times[0]} ms, median ${times[rounds / 2]} ms`);
}

/** Users with twenty statements each; no two on the same key. */
function question({ account, region }) {
  const list = (count, make) => Array.from({ length: count }, (_, index) => make(index));
  const named = (count, make) => Object.fromEntries(list(count, make));
  const key = (number) => `acs:kms:${region}:${account}:key/k-${number}`;
  return {
    format: 'kmsgateway-policy-matrix/1',
    policies: named(size.principals, (user) => [`p${user}`, {
      Version: '1',
      Statement: list(statements, (number) => ({
        Effect: 'Allow',
        Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: key((number * size.principals) + user),
        Condition: { IpAddress: { 'acs:SourceIp': '10.0.0.0/8' } },
      })),
    }]),
    principals: named(size.principals, (user) => [`u${user}`, { arn: `acs:ram::${account}:user/u${user}`, policies: [`p${user}`] }]),
    actions: ['Encrypt', 'Decrypt', 'GenerateDataKey', 'DescribeKey', 'EnableKey', 'DisableKey', 'ScheduleKeyDeletion', 'TagResource', 'ListKeyVersions', 'UpdateKeyDescription']
      .map((action) => `kms:${action}`),
    resources: named(size.resources, (number) => [`k${number}`, { arn: key(number), tags: { Project: number % 2 === 0 ? 'Apollo' : 'Zeus' } }]),
    contexts: named(size.contexts, (number) => [`c${number}`, { 'acs:SourceIp': `10.0.0.${number + 1}` }]),
  };
}
