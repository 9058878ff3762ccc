// A second account, declared in a seed file.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function settings(service) {
  const other = { account: '2000000000000002', id: 'LTAIrootOfTheOtherAccount', secret: randomBytes(15).toString('hex') };
  const seed = join(service.directory, 'seed.json');
  const accounts = { [other.account]: { name: 'the other', rootAccessKey: { id: other.id, secret: other.secret } } };
  writeFileSync(seed, JSON.stringify({ format: 'kmsgateway-seed/1', accounts }), { mode: 0o600 });
  return {
    gateway: { Kms__Seed: seed },
    service: {},
    suite: { KMSGATEWAY_OTHER_ACCOUNT: other.account, KMSGATEWAY_OTHER_ID: other.id, KMSGATEWAY_OTHER_SECRET: other.secret },
  };
}
