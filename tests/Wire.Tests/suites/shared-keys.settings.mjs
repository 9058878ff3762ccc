// What the gateway of the suite on shared keys is started with: a second account, whose root key the seed names.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function settings() {
  const folder = mkdtempSync(join(tmpdir(), 'kmsgateway-seed-'));
  const [id, secret] = ['testGuestRootKey0001', randomBytes(15).toString('hex')];
  const account = '2000000000000002';
  const seed = { format: 'kmsgateway-seed/1', accounts: { [account]: { name: 'the guest', rootAccessKey: { id, secret } } } };
  const path = join(folder, 'seed.json');
  writeFileSync(path, JSON.stringify(seed), { mode: 0o600 });
  return {
    gateway: { Kms__Seed: path },
    suite: { KMSGATEWAY_GUEST: account, KMSGATEWAY_GUEST_KEY_ID: id, KMSGATEWAY_GUEST_SECRET: secret, KMSGATEWAY_GUEST_SEED: folder },
  };
}
