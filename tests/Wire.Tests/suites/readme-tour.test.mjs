// The README's tour, taken out of the README and run as a newcomer runs it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repository } from '../harness.mjs';
import { target } from '../target.mjs';

const readme = readFileSync(join(repository, 'README.md'), 'utf8');

function block(name) {
  const found = new RegExp(`<!-- ${name}:begin -->\\n\`\`\`[a-z]*\\n([\\s\\S]*?)\`\`\`\\n<!-- ${name}:end -->`).exec(readme);
  assert.ok(found, `the README has a block ${name}`);
  return found[1];
}

test('the tour of the README prints what the README says', () => {
  // Why here: the clients are found from where the script is.
  const folder = mkdtempSync(join(repository, 'tests', 'Wire.Tests', 'tour-'));
  try {
    writeFileSync(join(folder, 'tour.cjs'), block('tour'));
    writeFileSync(join(folder, 'root.json'), JSON.stringify({ AccessKeyId: target.root.accessKeyId, AccessKeySecret: target.root.accessKeySecret }));
    const run = spawnSync(process.execPath, [join(folder, 'tour.cjs')], {
      cwd: folder,
      env: { ...process.env, ROOT_KEY: './root.json', KMS_ENDPOINT: new URL(target.https).host },
      encoding: 'utf8',
      timeout: 60_000,
    });
    assert.equal(run.stderr, '');
    assert.equal(run.stdout, block('tour-output'));
    assert.equal(run.status, 0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
