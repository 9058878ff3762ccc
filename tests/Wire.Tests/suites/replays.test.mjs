// The call sequences of clients that exist in the wild, played call for call (audit-and-service-keys.md C1 and C2).
import { describe, test } from 'node:test';
import { refuses } from '../assertions.mjs';
import { kmsClients } from '../clients.mjs';
import { consumers } from '../replays/consumers.mjs';
import { play } from '../replays/driver.mjs';
import { notServed, terraform } from '../replays/terraform.mjs';
import { openSession } from '../session.mjs';
import { target, versions } from '../target.mjs';

for (const replay of [...terraform, ...consumers]) {
  play(replay, openSession);
}

describe('what Terraform also calls and this service does not serve yet', () => {
  const kms = kmsClients['pop-core POST (1.0)'](target.root, versions.kms);
  for (const [action, [parameters, status, code]] of Object.entries(notServed)) {
    test(`${action} is not replayed: it is answered with ${code}`, () => refuses(() => kms.call(action, parameters), status, code));
  }

  console.log(`coverage of replays: ${terraform.length + consumers.length} clients and resources; not replayed because not served: ${Object.keys(notServed).join(', ')}`);
});
