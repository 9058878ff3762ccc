// The digest that clients make for SM2DSA (GM/T 0003.2, 5.5): SM3 of Z, which binds user id, curve and public key, and of the
// message; openssl, which makes its own, is the judge of signatures.
import { spawnSync } from 'node:child_process';
import { createHash, createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const userId = '1234567812345678';
const bitsOfUserId = Buffer.from([0, userId.length * 8]);
// a, b and the base point
const curve = Buffer.from([
  'fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc', '28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93',
  '32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7', 'bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0',
].join(''), 'hex');

/** Base64 of the digest of a message under a public key in PEM. */
export function sm2Digest(publicKey, message) {
  const point = createPublicKey(publicKey).export({ format: 'der', type: 'spki' }).subarray(-64);
  const z = createHash('sm3').update(bitsOfUserId).update(userId).update(curve).update(point).digest();
  return createHash('sm3').update(z).update(message).digest('base64');
}

/** Whether openssl takes the signature for one of the message. */
export function sm2Verifies(publicKey, message, signature) {
  const folder = mkdtempSync(join(tmpdir(), 'sm2-'));
  const file = (name, content) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  try {
    const files = ['-inkey', file('key', publicKey), '-in', file('message', message), '-sigfile', file('signature', signature)];
    return spawnSync('openssl', ['pkeyutl', '-verify', '-pubin', '-rawin', '-digest', 'sm3', '-pkeyopt', `distid:${userId}`, ...files]).status === 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
