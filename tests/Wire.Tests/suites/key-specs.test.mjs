// SM4 and HMAC keys, dry runs and the newer filters of ListKeys, with the official clients that can send them; HMAC checked by Node's own.
import assert from 'node:assert/strict';
import { constants, createHmac, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { refuses } from '../assertions.mjs';
import { kmsClients } from '../clients.mjs';
import { describeActions } from '../kms-actions.mjs';
import { fresh, target, versions } from '../target.mjs';

const client2020 = 'kms20160120 (1.0)';
const invalid = { status: 400, code: 'InvalidParameter' };
const missing = { status: 400, code: 'MissingParameter' };
const wrongKind = { status: 400, code: 'Rejected.UnsupportedOperation' };
const nowhere = '00000000-0000-4000-8000-000000000000';

const newKey = async (kms, KeySpec, more = {}) => (await kms.call('CreateKey', { KeySpec, ...more })).KeyMetadata.KeyId;
const Message = Buffer.from('a message, 消息').toString('base64');
const hashes = { HMAC_SM3: 'sm3', HMAC_SHA_224: 'sha224', HMAC_SHA_256: 'sha256', HMAC_SHA_384: 'sha384', HMAC_SHA_512: 'sha512' };

const importSm4 = async (kms, key, bytes) => {
  const given = await kms.call('GetParametersForImport', { KeyId: key, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' });
  const publicKey = createPublicKey({ key: Buffer.from(given.PublicKey, 'base64'), format: 'der', type: 'spki' });
  const wrapped = publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, bytes);
  return { KeyId: key, ImportToken: given.ImportToken, EncryptedKeyMaterial: wrapped.toString('base64'), KeyMaterialExpireUnix: 0 };
};

describeActions({
  CreateKey: {
    async happy(kms) {
      const { KeyMetadata: sm4 } = await kms.call('CreateKey', { KeySpec: 'Aliyun_SM4' });
      assert.deepEqual([sm4.KeySpec, sm4.KeyUsage, sm4.ProtectionLevel, sm4.Origin], ['Aliyun_SM4', 'ENCRYPT/DECRYPT', 'SOFTWARE', 'Aliyun_KMS']);
      for (const KeySpec of Object.keys(hashes)) {
        const { KeyMetadata: key } = await kms.call('CreateKey', { KeySpec });
        assert.deepEqual([key.KeySpec, key.KeyUsage], [KeySpec, 'GENERATE/VERIFY_MAC']);
      }
    },
    refused: {
      'SM4 in hardware': [{ KeySpec: 'Aliyun_SM4', ProtectionLevel: 'HSM' }, { status: 400, code: 'Unsupported.ProtectionLevel' }],
      'SM4 for signatures': [{ KeySpec: 'Aliyun_SM4', KeyUsage: 'SIGN/VERIFY' }, invalid],
      'an HMAC key that encrypts': [{ KeySpec: 'HMAC_SHA_256', KeyUsage: 'ENCRYPT/DECRYPT' }, invalid],
      'an imported HMAC key': [{ KeySpec: 'HMAC_SHA_256', Origin: 'EXTERNAL' }, invalid],
    },
  },
  Encrypt: {
    async happy(kms) {
      const key = await newKey(kms, 'Aliyun_SM4');
      const { CiphertextBlob } = await kms.call('Encrypt', { KeyId: key, Plaintext: 'any text, 中文', EncryptionContext: '{"a":"1"}' });
      assert.equal(Buffer.from(CiphertextBlob, 'base64')[37], 3);
      assert.equal((await kms.call('Decrypt', { CiphertextBlob, EncryptionContext: '{"a":"1"}' })).Plaintext, 'any text, 中文');
      await refuses(() => kms.call('Decrypt', { CiphertextBlob }), 400, 'InvalidParameter');
    },
    refused: { 'an HMAC key': [async (kms) => ({ KeyId: await newKey(kms, 'HMAC_SHA_256'), Plaintext: 'x' }), { status: 400, code: 'UnsupportedOperation' }] },
  },
  GenerateDataKey: {
    async happy(kms) {
      const key = await newKey(kms, 'Aliyun_SM4');
      // as the encryption SDKs for Java and Python ask
      for (const length of [{ KeySpec: 'SM4_128', NumberOfBytes: 16 }, { NumberOfBytes: 16 }]) {
        const made = await kms.call('GenerateDataKey', { KeyId: key, ...length });
        assert.equal(Buffer.from(made.Plaintext, 'base64').length, 16);
        assert.equal((await kms.call('Decrypt', { CiphertextBlob: made.CiphertextBlob })).Plaintext, made.Plaintext);
      }
    },
    refused: { 'SM4_128 without a length': [async (kms) => ({ KeyId: await newKey(kms, 'Aliyun_SM4'), KeySpec: 'SM4_128' }), invalid] },
  },
  ImportKeyMaterial: {
    async happy(kms) {
      const key = await newKey(kms, 'Aliyun_SM4', { Origin: 'EXTERNAL' });
      await kms.call('ImportKeyMaterial', await importSm4(kms, key, randomBytes(16)));
      const { CiphertextBlob } = await kms.call('Encrypt', { KeyId: key, Plaintext: 'text' });
      assert.equal((await kms.call('Decrypt', { CiphertextBlob })).Plaintext, 'text');
    },
    refused: {
      '256 bits for SM4': [async (kms) => importSm4(kms, await newKey(kms, 'Aliyun_SM4', { Origin: 'EXTERNAL' }), randomBytes(32)), { status: 400, code: 'InvalidKeyMaterial' }],
    },
  },
  GenerateMac: {
    without: [client2020],
    async happy(kms) {
      for (const Algorithm of Object.keys(hashes)) {
        const key = await newKey(kms, Algorithm);
        const made = await kms.call('GenerateMac', { KeyId: key, Algorithm, Message });
        assert.deepEqual([made.Algorithm, made.KeyId], [Algorithm, key]);
        assert.equal(Buffer.from(made.Mac, 'base64').length, createHmac(hashes[Algorithm], 'key').digest().length);
        assert.equal((await kms.call('GenerateMac', { KeyId: key, Algorithm, Message })).Mac, made.Mac);
      }
    },
    refused: {
      'another algorithm': [async (kms) => ({ KeyId: await newKey(kms, 'HMAC_SHA_256'), Algorithm: 'HMAC_SHA_512', Message }), invalid],
      'an algorithm that nobody has': [async (kms) => ({ KeyId: await newKey(kms, 'HMAC_SHA_256'), Algorithm: 'HMAC_MD5', Message }), invalid],
      'a message of 6,145 bytes': [async (kms) => ({ KeyId: await newKey(kms, 'HMAC_SHA_256'), Algorithm: 'HMAC_SHA_256', Message: randomBytes(6145).toString('base64') }), invalid],
      'no message': [async (kms) => ({ KeyId: await newKey(kms, 'HMAC_SHA_256'), Algorithm: 'HMAC_SHA_256' }), missing],
      'an AES key': [async (kms) => ({ KeyId: await newKey(kms, 'Aliyun_AES_256'), Algorithm: 'HMAC_SHA_256', Message }), wrongKind],
      'an unknown key': [{ KeyId: nowhere, Algorithm: 'HMAC_SHA_256', Message }, { status: 404, code: 'Forbidden.KeyNotFound' }],
    },
  },
  VerifyMac: {
    without: [client2020],
    async happy(kms) {
      const key = await newKey(kms, 'HMAC_SM3');
      const alias = `alias/${fresh('mac')}`;
      await kms.call('CreateAlias', { KeyId: key, AliasName: alias });
      const { Mac } = await kms.call('GenerateMac', { KeyId: alias, Algorithm: 'HMAC_SM3', Message });
      const verify = async (more) => kms.call('VerifyMac', { KeyId: key, Algorithm: 'HMAC_SM3', Message, Mac, ...more });
      assert.deepEqual({ ...await verify({}), RequestId: undefined }, { Algorithm: 'HMAC_SM3', KeyId: key, Value: true, RequestId: undefined });
      assert.equal((await verify({ Message: 'AAAA' })).Value, false);
      assert.equal((await verify({ Mac: Buffer.alloc(32).toString('base64') })).Value, false);
      assert.equal((await verify({ Mac: Buffer.from(Mac, 'base64').subarray(0, 16).toString('base64') })).Value, false);
    },
    refused: {
      'no code': [async (kms) => ({ KeyId: await newKey(kms, 'HMAC_SHA_256'), Algorithm: 'HMAC_SHA_256', Message }), missing],
      'an AES key': [async (kms) => ({ KeyId: await newKey(kms, 'Aliyun_AES_256'), Algorithm: 'HMAC_SHA_256', Message, Mac: Message }), wrongKind],
    },
  },
});

// the client of 2020 is older than these parameters
for (const name of Object.keys(kmsClients).filter((each) => each !== client2020)) {
  describe(`newer parameters by ${name}`, () => {
    const kms = kmsClients[name](target.root, versions.kms);

    test('ListKeys: each filter finds its keys, and together they find what passes all', async () => {
      const mark = fresh('filter');
      const Tags = JSON.stringify([{ TagKey: 'Mark', TagValue: mark }]);
      const [aes, sm4, mac] = [await newKey(kms, 'Aliyun_AES_256', { Tags }), await newKey(kms, 'Aliyun_SM4', { Tags }), await newKey(kms, 'HMAC_SHA_256', { Tags })];
      const alias = `alias/${mark}`;
      await kms.call('CreateAlias', { KeyId: sm4, AliasName: alias });
      await kms.call('DisableKey', { KeyId: aes });
      const find = async (...filters) => (await kms.call('ListKeys', {
        PageSize: 100, Filters: JSON.stringify([['TagValue', mark], ...filters].map(([Key, ...Values]) => ({ Key, Values }))),
      })).Keys.Key.map((key) => key.KeyId).sort();
      assert.deepEqual(await find(), [aes, sm4, mac].sort());
      assert.deepEqual(await find(['KeyState', 'Disabled']), [aes]);
      assert.deepEqual(await find(['KeySpec', 'Aliyun_SM4', 'HMAC_SHA_256']), [sm4, mac].sort());
      assert.deepEqual(await find(['KeyUsage', 'GENERATE/VERIFY_MAC']), [mac]);
      assert.deepEqual(await find(['ProtectionLevel', 'HSM']), []);
      assert.deepEqual(await find(['CreatorType', 'User'], ['Creator', target.account]), [aes, sm4, mac].sort());
      assert.deepEqual(await find(['AliasName', alias]), [sm4]);
      assert.deepEqual(await find(['keyId', aes], ['TagKey', 'Mark']), [aes]);
      assert.deepEqual(await find(['KeySpec', 'Aliyun_SM4'], ['KeyState', 'Disabled']), []);
      for (const Filters of ['[{"Key":"Colour","Values":[]}]', '[{"Key":"KeyState"}]', '{"Key":"KeyState","Values":[]}', 'no JSON']) {
        await refuses(() => kms.call('ListKeys', { Filters }), 400, 'InvalidParameter');
      }
    });

    test('DryRun: says what would have come of the call, and does nothing', async () => {
      const key = await newKey(kms, 'Aliyun_SM4');
      await refuses(() => kms.call('Encrypt', { KeyId: key, Plaintext: 'x', DryRun: true }), 400, 'DryRunOperationError');
      await refuses(() => kms.call('Encrypt', { KeyId: key, Plaintext: 'x', EncryptionContext: '[]', DryRun: true }), 400, 'ValidationError');
      await refuses(() => kms.call('GenerateDataKey', { KeyId: key, DryRun: 'perhaps' }), 400, 'InvalidParameter');
      assert.ok((await kms.call('Encrypt', { KeyId: key, Plaintext: 'x', DryRun: false })).CiphertextBlob.length > 0);
    });
  });
}
