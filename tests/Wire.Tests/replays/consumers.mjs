// Programs that use keys: seals of Vault and OpenBao, the Kubernetes plugin, OSS client-side encryption, the Encryption SDK.
const made = (keep = 'key') => ({ call: 'CreateKey', with: {}, keep: { [keep]: 'KeyMetadata.KeyId', [`${keep}Arn`]: 'KeyMetadata.Arn' } });
const aliased = (name) => ({ call: 'CreateAlias', with: { KeyId: '$key', AliasName: `alias/${name}` } });
const canonical = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const both = { KeyId: '$key' };
const sealedUnder = { is: both, like: { CiphertextBlob: canonical, KeyVersionId: uuid } };
const base64 = (text) => Buffer.from(text).toString('base64');

export const consumers = [
  {
    title: 'Vault, OpenBao and Boundary seal', shape: 'alibaba-cloud-sdk-go', steps: [
      made(), aliased('vault-seal'),
      { call: 'DescribeKey', title: 'at the start', with: { KeyId: 'alias/vault-seal' }, is: { 'KeyMetadata.KeyId': '$key' } },
      { call: 'Encrypt', title: 'seal', with: { KeyId: 'alias/vault-seal', Plaintext: base64('root key of the barrier, 32 bytes') }, ...sealedUnder, keep: { blob: 'CiphertextBlob', stored: 'KeyId' } },
      { call: 'Decrypt', title: 'unseal, without a key id', with: { CiphertextBlob: '$blob' }, is: { ...both, Plaintext: base64('root key of the barrier, 32 bytes') } },
      { call: 'DescribeKey', title: 'by the stored id', with: { KeyId: '$stored' }, is: { 'KeyMetadata.KeyId': '$key' } },
      { call: 'DescribeKey', title: 'of a key that is not there', with: { KeyId: 'alias/nobody-made-this' }, refused: [404, 'Forbidden.AliasNotFound'] },
    ],
  },
  {
    title: 'ack-kms-plugin', shape: 'alibaba-cloud-sdk-go', steps: [
      made(), aliased('k8s'),
      { call: 'Encrypt', with: { KeyId: 'alias/k8s', Plaintext: base64('a Kubernetes secret') }, ...sealedUnder, keep: { blob: 'CiphertextBlob' } },
      { call: 'Decrypt', with: { CiphertextBlob: '$blob' }, is: { Plaintext: base64('a Kubernetes secret') } },
      { call: 'Encrypt', title: 'by the id', with: { KeyId: '$key', Plaintext: base64('x') }, ...sealedUnder },
      { call: 'Decrypt', title: 'what is no ciphertext', with: { CiphertextBlob: base64('x') }, refused: [400, 'InvalidParameter'] },
    ],
  },
  {
    title: 'OSS client-side encryption, by a session', shape: 'aliyun-python-sdk-core', session: true, steps: [
      made(),
      { call: 'GenerateDataKey', with: { KeyId: '$key', KeySpec: 'AES_256', NumberOfBytes: 32, EncryptionContext: '' }, ...sealedUnder, keep: { blob: 'CiphertextBlob', plain: 'Plaintext' } },
      { call: 'Encrypt', title: 'the IV', with: { KeyId: '$key', Plaintext: base64('counter of 16 by.'), EncryptionContext: '' }, keep: { iv: 'CiphertextBlob' } },
      { call: 'Decrypt', title: 'the data key', with: { CiphertextBlob: '$blob', EncryptionContext: '' }, is: { Plaintext: '$plain' } },
      { call: 'Decrypt', title: 'the IV', with: { CiphertextBlob: '$iv', EncryptionContext: '' }, is: { Plaintext: base64('counter of 16 by.') } },
      { call: 'GenerateDataKey', title: 'with a passphrase', with: { KeyId: '$key', KeySpec: 'AES_256', NumberOfBytes: 32, EncryptionContext: '{"x-passphrase":"a b"}' }, keep: { guarded: 'CiphertextBlob' } },
      { call: 'Decrypt', title: 'without the passphrase', with: { CiphertextBlob: '$guarded', EncryptionContext: '' }, refused: [400, 'InvalidParameter'] },
      { call: 'Decrypt', title: 'with the passphrase', with: { CiphertextBlob: '$guarded', EncryptionContext: '{"x-passphrase":"a b"}' }, is: both },
    ],
  },
  ...[['Java', 'aliyun-java-sdk-core', { KeySpec: 'AES_256', NumberOfBytes: 32 }], ['Python', 'aliyun-python-sdk-core', { NumberOfBytes: 32 }]].map(([language, shape, length]) => ({
    title: `Encryption SDK for ${language}`, shape, steps: [
      made(), made('second'),
      { call: 'DescribeKey', title: 'whose ARN has five parts', with: { KeyId: '$key' }, like: { 'KeyMetadata.Arn': /^acs:kms:[^:]+:[^:]+:key\/[^:]+$/ }, is: { 'KeyMetadata.DKMSInstanceId': undefined } },
      { call: 'GenerateDataKey', with: { KeyId: '$key', ...length, EncryptionContext: '{"stage":"prod"}' }, ...sealedUnder, keep: { blob: 'CiphertextBlob', plain: 'Plaintext' } },
      { call: 'ReEncrypt', title: 'for the second key', with: { CiphertextBlob: '$blob', SourceEncryptionContext: '{"stage":"prod"}', DestinationKeyId: '$second', DestinationEncryptionContext: '{"stage":"prod"}' }, is: { KeyId: '$second' }, like: { CiphertextBlob: canonical }, keep: { other: 'CiphertextBlob' } },
      { call: 'Encrypt', title: 'for a key elsewhere', with: { KeyId: '$second', Plaintext: '$plain', EncryptionContext: '{"stage":"prod"}' }, like: { CiphertextBlob: canonical } },
      { call: 'Decrypt', with: { CiphertextBlob: '$blob', EncryptionContext: '{"stage":"prod"}' }, is: { ...both, Plaintext: '$plain' } },
      { call: 'Decrypt', title: 'under the second key', with: { CiphertextBlob: '$other', EncryptionContext: '{"stage":"prod"}' }, is: { KeyId: '$second', Plaintext: '$plain' } },
      { call: 'GenerateDataKey', title: 'for SM4: NumberOfBytes wins', with: { KeyId: '$key', ...(language === 'Java' ? { KeySpec: 'SM4_128' } : {}), NumberOfBytes: 16 }, like: { Plaintext: /^.{22}==$/ } },
      { call: 'Decrypt', title: 'another context', with: { CiphertextBlob: '$blob', EncryptionContext: '{"stage":"test"}' }, refused: [400, 'InvalidParameter'] },
    ],
  })),
  {
    title: 'aliyungo, written by hand', shape: 'aliyungo', steps: [
      made(),
      { call: 'Encrypt', with: { KeyId: '$key', Plaintext: 'a b+c', EncryptionContext: '{"a b":"c+d","e":"f"}' }, ...sealedUnder, keep: { blob: 'CiphertextBlob' } },
      { call: 'Decrypt', with: { CiphertextBlob: '$blob', EncryptionContext: '{"e":"f","a b":"c+d"}' }, is: { ...both, Plaintext: 'a b+c' } },
    ],
  },
  {
    title: 'kms-sdk 1.1.0, written by hand', shape: 'kms-sdk', steps: [
      made(),
      { call: 'Encrypt', with: { KeyId: '$key', Plaintext: "it's (really) *old*!", EncryptionContext: '' }, ...sealedUnder, keep: { blob: 'CiphertextBlob' } },
      { call: 'Decrypt', with: { CiphertextBlob: '$blob' }, is: { Plaintext: "it's (really) *old*!" } },
    ],
  },
];
