// A certificate authority of openssl's, for certificates of the service.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fresh } from './target.mjs';

const folder = mkdtempSync(join(tmpdir(), 'kms-certificates-'));
after(() => rmSync(folder, { recursive: true }));
const openssl = (...parameters) => execFileSync('openssl', parameters, { cwd: folder, stdio: 'pipe' }).toString();
openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test CA', '-days', '2');
writeFileSync(join(folder, 'own.cnf'), 'basicConstraints=critical,CA:FALSE\n');

/** The authority's own certificate, PEM. */
export const chain = readFileSync(join(folder, 'ca.pem'), 'utf8');

/** A subject that the service takes. */
export const Subject = 'CN=a.example.com,OU=Tests,O=Example,C=CN';

/** The certificate, PEM, for a request that openssl has verified. */
export function issue(csr) {
  const name = fresh('request');
  writeFileSync(join(folder, `${name}.csr`), csr);
  openssl('req', '-in', `${name}.csr`, '-noout', '-verify');
  return openssl('x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '1', '-extfile', 'own.cnf');
}
