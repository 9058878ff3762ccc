// Key pairs with every official client; what they sign and encrypt is checked by Node's own cryptography with the key of GetPublicKey.
import assert from 'node:assert/strict';
import { constants, createHash, createPublicKey, publicEncrypt, randomBytes, verify } from 'node:crypto';
import { describeActions } from '../kms-actions.mjs';
import { fresh } from '../target.mjs';

const invalid = { status: 400, code: 'InvalidParameter' };
const missing = { status: 400, code: 'MissingParameter' };
const wrongKind = { status: 400, code: 'Rejected.UnsupportedOperation' };
const disabled = { status: 409, code: 'Rejected.Disabled' };
const noVersion = { status: 404, code: 'Forbidden.KeyVersionNotFound' };
const keyNotFound = { status: 404, code: 'Forbidden.KeyNotFound' };
const nowhere = '00000000-0000-4000-8000-000000000000';

const message = Buffer.from('a message, 消息');
const Digest = createHash('sha256').update(message).digest('base64');
const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
const signatures = [
  ['RSA_2048', 'RSA_PSS_SHA_256', pss], ['RSA_2048', 'RSA_PKCS1_SHA_256', {}], ['RSA_3072', 'RSA_PSS_SHA_256', pss],
  ['EC_P256', 'ECDSA_SHA_256', {}], ['EC_P256K', 'ECDSA_SHA_256', {}], ['EC_SM2', 'SM2DSA', null],
];
const encryptions = [
  ['RSA_2048', 'RSAES_OAEP_SHA_256', 'sha256', 190], ['RSA_2048', 'RSAES_OAEP_SHA_1', 'sha1', 214],
  ['RSA_3072', 'RSAES_OAEP_SHA_256', 'sha256', 318], ['EC_SM2', 'SM2PKE', null, 6047],
];

async function newPair(kms, KeySpec, KeyUsage = 'SIGN/VERIFY') {
  const { KeyMetadata } = await kms.call('CreateKey', { KeySpec, KeyUsage });
  assert.equal(KeyMetadata.PrimaryKeyVersion, undefined);
  const { KeyVersions } = await kms.call('ListKeyVersions', { KeyId: KeyMetadata.KeyId });
  return { KeyId: KeyMetadata.KeyId, KeyVersionId: KeyVersions.KeyVersion[0].KeyVersionId };
}

const newCipherPair = (kms) => newPair(kms, 'RSA_2048', 'ENCRYPT/DECRYPT');
const kept = new Map();

/** A pair that no test changes, made once by each client: RSA keys take their time. */
function pairOf(kms, KeySpec, KeyUsage = 'SIGN/VERIFY') {
  const mine = kept.get(kms) ?? kept.set(kms, {}).get(kms);
  return mine[`${KeySpec} ${KeyUsage}`] ??= newPair(kms, KeySpec, KeyUsage);
}

const cipherPairOf = (kms, spec = 'RSA_2048') => pairOf(kms, spec, 'ENCRYPT/DECRYPT');
const publicKeyOf = async (kms, pair) => createPublicKey((await kms.call('GetPublicKey', pair)).PublicKey);
const signing = async (kms, more = {}) => ({ ...await newPair(kms, 'EC_P256'), Algorithm: 'ECDSA_SHA_256', Digest, ...more });

async function symmetric(kms) {
  const { KeyMetadata } = await kms.call('CreateKey', {});
  return { KeyId: KeyMetadata.KeyId, KeyVersionId: KeyMetadata.PrimaryKeyVersion };
}

async function resting(kms, pair) {
  await kms.call('DisableKey', { KeyId: pair.KeyId });
  return pair;
}

const sourceOf = ({ KeyId, KeyVersionId }) => ({ SourceKeyId: KeyId, SourceKeyVersionId: KeyVersionId });

/** A call that would pass, but for what `change` makes of it and of its key pair. */
async function reEncrypting(kms, change, pairFor = cipherPairOf) {
  const pair = await pairFor(kms);
  const Algorithm = 'RSAES_OAEP_SHA_256';
  const { CiphertextBlob } = await kms.call('AsymmetricEncrypt', { ...pair, Algorithm, Plaintext: 'AAAA' });
  const DestinationKeyId = (await symmetric(kms)).KeyId;
  return { ...sourceOf(pair), SourceEncryptionAlgorithm: Algorithm, CiphertextBlob, DestinationKeyId, ...await change(pair) };
}

describeActions({
  CreateKeyVersion: {
    async happy(kms) {
      const first = await newPair(kms, 'EC_P256');
      const { KeyVersion } = await kms.call('CreateKeyVersion', { KeyId: first.KeyId });
      const second = { KeyId: first.KeyId, KeyVersionId: KeyVersion.KeyVersionId };
      assert.notEqual((await kms.call('GetPublicKey', first)).PublicKey, (await kms.call('GetPublicKey', second)).PublicKey);
      assert.equal((await kms.call('DescribeKey', { KeyId: first.KeyId })).KeyMetadata.PrimaryKeyVersion, undefined);
      const { Value } = await kms.call('AsymmetricSign', { ...second, Algorithm: 'ECDSA_SHA_256', Digest });
      assert.equal((await kms.call('AsymmetricVerify', { ...first, Algorithm: 'ECDSA_SHA_256', Digest, Value })).Value, false);
    },
    refused: {
      'a symmetric key': [async (kms) => ({ KeyId: (await symmetric(kms)).KeyId }), wrongKind],
      'a disabled key': [async (kms) => ({ KeyId: (await resting(kms, await newPair(kms, 'EC_P256'))).KeyId }), disabled],
    },
  },
  GetPublicKey: {
    async happy(kms) {
      const alias = `alias/${fresh('pair')}`;
      const pair = await newPair(kms, 'RSA_2048');
      await kms.call('CreateAlias', { KeyId: pair.KeyId, AliasName: alias });
      const answer = await kms.call('GetPublicKey', { ...pair, KeyId: alias });
      assert.deepEqual([answer.KeyId, answer.KeyVersionId], [pair.KeyId, pair.KeyVersionId]);
      assert.match(answer.PublicKey, /^-----BEGIN PUBLIC KEY-----\n[^]+\n-----END PUBLIC KEY-----\n$/);
      assert.equal(createPublicKey(answer.PublicKey).asymmetricKeyDetails.modulusLength, 2048);
    },
    refused: {
      'a symmetric key': [symmetric, wrongKind],
      'a version of another key': [async (kms) => ({ ...await newPair(kms, 'EC_P256'), KeyVersionId: (await newPair(kms, 'EC_P256')).KeyVersionId }), noVersion],
      'an unknown key': [{ KeyId: nowhere, KeyVersionId: nowhere }, keyNotFound],
      'a disabled key': [async (kms) => resting(kms, await newPair(kms, 'EC_P256')), disabled],
    },
  },
  AsymmetricSign: {
    async happy(kms) {
      for (const [spec, Algorithm, options] of signatures) {
        const pair = await pairOf(kms, spec);
        const { Value, KeyId, KeyVersionId } = await kms.call('AsymmetricSign', { ...pair, Algorithm, Digest });
        assert.deepEqual({ KeyId, KeyVersionId }, pair);
        if (options) {
          assert.ok(verify('sha256', message, { key: await publicKeyOf(kms, pair), ...options }, Buffer.from(Value, 'base64')), `${spec} ${Algorithm}`);
        }
      }
    },
    refused: {
      'a symmetric key': [async (kms) => ({ ...await symmetric(kms), Algorithm: 'ECDSA_SHA_256', Digest }), wrongKind],
      'a key for encryption': [async (kms) => ({ ...await cipherPairOf(kms), Algorithm: 'RSA_PSS_SHA_256', Digest }), wrongKind],
      'an algorithm of other keys': [(kms) => signing(kms, { Algorithm: 'RSA_PSS_SHA_256' }), invalid],
      'a digest of 20 bytes': [(kms) => signing(kms, { Digest: randomBytes(20).toString('base64') }), invalid],
      'an unknown version': [(kms) => signing(kms, { KeyVersionId: nowhere }), noVersion],
      'a disabled key': [async (kms) => resting(kms, await signing(kms)), disabled],
    },
  },
  AsymmetricVerify: {
    async happy(kms) {
      for (const [spec, Algorithm] of signatures) {
        const given = { ...await pairOf(kms, spec), Algorithm, Digest };
        const { Value } = await kms.call('AsymmetricSign', given);
        assert.equal((await kms.call('AsymmetricVerify', { ...given, Value })).Value, true, `${spec} ${Algorithm}`);
        assert.equal((await kms.call('AsymmetricVerify', { ...given, Value, Digest: randomBytes(32).toString('base64') })).Value, false);
        assert.equal((await kms.call('AsymmetricVerify', { ...given, Value: randomBytes(64).toString('base64') })).Value, false);
      }
    },
    refused: {
      'a digest of 33 bytes': [(kms) => signing(kms, { Value: 'AAAA', Digest: randomBytes(33).toString('base64') }), invalid],
      'an algorithm of other keys': [(kms) => signing(kms, { Value: 'AAAA', Algorithm: 'SM2DSA' }), invalid],
      'a disabled key': [async (kms) => resting(kms, await signing(kms, { Value: 'AAAA' })), disabled],
    },
  },
  AsymmetricEncrypt: {
    async happy(kms) {
      for (const [spec, Algorithm, , most] of encryptions) {
        const pair = await cipherPairOf(kms, spec);
        const Plaintext = randomBytes(most).toString('base64');
        const { CiphertextBlob } = await kms.call('AsymmetricEncrypt', { ...pair, Algorithm, Plaintext });
        assert.equal((await kms.call('AsymmetricDecrypt', { ...pair, Algorithm, CiphertextBlob })).Plaintext, Plaintext, `${spec} ${Algorithm}`);
      }
    },
    refused: {
      'a key for signatures': [async (kms) => ({ ...await pairOf(kms, 'RSA_2048'), Algorithm: 'RSAES_OAEP_SHA_256', Plaintext: 'AAAA' }), wrongKind],
      'one byte too many': [async (kms) => ({ ...await cipherPairOf(kms), Algorithm: 'RSAES_OAEP_SHA_256', Plaintext: randomBytes(191).toString('base64') }), invalid],
      'what is not Base64': [async (kms) => ({ ...await cipherPairOf(kms), Algorithm: 'RSAES_OAEP_SHA_256', Plaintext: 'no base64!' }), invalid],
      'an algorithm of other keys': [async (kms) => ({ ...await cipherPairOf(kms), Algorithm: 'SM2PKE', Plaintext: 'AAAA' }), invalid],
    },
  },
  AsymmetricDecrypt: {
    async happy(kms) {
      for (const [spec, Algorithm, oaepHash, most] of encryptions.filter(([, , hash]) => hash)) {
        const pair = await cipherPairOf(kms, spec);
        const plaintext = randomBytes(most);
        const key = { key: await publicKeyOf(kms, pair), padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash };
        const CiphertextBlob = publicEncrypt(key, plaintext).toString('base64');
        assert.equal((await kms.call('AsymmetricDecrypt', { ...pair, Algorithm, CiphertextBlob })).Plaintext, plaintext.toString('base64'));
      }
    },
    refused: {
      'a ciphertext of nobody': [async (kms) => ({ ...await cipherPairOf(kms), Algorithm: 'RSAES_OAEP_SHA_256', CiphertextBlob: randomBytes(256).toString('base64') }), invalid],
      'a key for signatures': [async (kms) => ({ ...await pairOf(kms, 'RSA_2048'), Algorithm: 'RSAES_OAEP_SHA_256', CiphertextBlob: 'AAAA' }), wrongKind],
      'no ciphertext': [async (kms) => ({ ...await cipherPairOf(kms), Algorithm: 'RSAES_OAEP_SHA_256' }), missing],
    },
  },
  ReEncrypt: {
    without: ['kms20160120 (1.0)'],
    async happy(kms) {
      const DestinationKeyId = (await symmetric(kms)).KeyId;
      for (const [spec, SourceEncryptionAlgorithm, , most] of encryptions) {
        const pair = await cipherPairOf(kms, spec);
        const Plaintext = randomBytes(most).toString('base64');
        const { CiphertextBlob } = await kms.call('AsymmetricEncrypt', { ...pair, Algorithm: SourceEncryptionAlgorithm, Plaintext });
        const moved = await kms.call('ReEncrypt', { ...sourceOf(pair), SourceEncryptionAlgorithm, CiphertextBlob, DestinationKeyId });
        assert.equal(moved.KeyId, DestinationKeyId);
        assert.equal((await kms.call('Decrypt', { CiphertextBlob: moved.CiphertextBlob })).Plaintext, Plaintext, `${spec} ${SourceEncryptionAlgorithm}`);
      }
    },
    refused: {
      'a ciphertext of another pair': [(kms) => reEncrypting(kms, async () => sourceOf(await newCipherPair(kms))), invalid],
      'another algorithm': [(kms) => reEncrypting(kms, () => ({ SourceEncryptionAlgorithm: 'RSAES_OAEP_SHA_1' })), invalid],
      'a version that is not there': [(kms) => reEncrypting(kms, () => ({ SourceKeyVersionId: nowhere })), noVersion],
      'a disabled pair': [(kms) => reEncrypting(kms, async (pair) => (await resting(kms, pair), {}), newCipherPair), disabled],
    },
  },
});
