// What each served KMS action is called with, and what provokes the errors that the rules do not.
import { constants, createPublicKey, generateKeyPairSync, publicEncrypt, randomBytes } from 'node:crypto';
import { chain, issue, Subject } from '../authority.mjs';
import { kmsClients } from '../clients.mjs';
import { fresh, target, versions } from '../target.mjs';
import { changed, parametersOf, withoutEach } from './driver.mjs';
import { penniless } from './penniless.mjs';

const nowhere = '00000000-0000-4000-8000-000000000000';
const nobodysAlias = 'alias/nobody-made-this';
const root = kmsClients['pop-core POST (1.0)'](target.root, versions.kms);
const call = (action, parameters) => root.call(action, parameters);
const newKey = async (parameters = {}) => (await call('CreateKey', parameters)).KeyMetadata.KeyId;
const arnOf = (key) => `acs:kms:${target.region}:${target.account}:key/${key}`;

async function newAlias(key) {
  const alias = `alias/${fresh('case')}`;
  await call('CreateAlias', { KeyId: key, AliasName: alias });
  return alias;
}

const oaep = { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' };
const receiver = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { format: 'der', type: 'spki' } });
const toReceiver = { ...oaep, PublicKeyBlob: receiver.publicKey.toString('base64') };

/** Parameters of ImportKeyMaterial for a key that waits for its material. */
export async function importInto(key, bytes = randomBytes(32)) {
  const { PublicKey, ImportToken } = await call('GetParametersForImport', { KeyId: key, ...oaep });
  const publicKey = createPublicKey({ key: Buffer.from(PublicKey, 'base64'), format: 'der', type: 'spki' });
  const wrapped = publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, bytes);
  return { KeyId: key, ImportToken, EncryptedKeyMaterial: wrapped.toString('base64'), KeyMaterialExpireUnix: 0 };
}

async function importedKey() {
  const key = await newKey({ Origin: 'EXTERNAL' });
  await call('ImportKeyMaterial', await importInto(key));
  return key;
}

const sealed = async (key) => (await call('Encrypt', { KeyId: key, Plaintext: 'aGVsbG8=' })).CiphertextBlob;
const allow = (Principal) => JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action: ['kms:*'], Resource: ['*'], Principal }] });

const pair = { KeySpec: 'EC_P256', KeyUsage: 'SIGN/VERIFY' };
const signing = { Algorithm: 'ECDSA_SHA_256', Digest: randomBytes(32).toString('base64') };
const oaepPair = { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT/DECRYPT' };
const enciphering = { Algorithm: 'RSAES_OAEP_SHA_256' };

/** An entry whose parameters come from a key: a new one, or one with imported material where the case takes that away again. */
const on = (make, more = {}) => ({
  async given(code) {
    const key = await (code === 'Rejected.PendingImport' ? importedKey() : newKey());
    return { key, parameters: await make(key) };
  },
  ...more,
});

const mac = { KeySpec: 'HMAC_SHA_256' };
const message = { Algorithm: 'HMAC_SHA_256', Message: 'aGVsbG8=' };

/** The same on a key that makes authentication codes. */
const onMacKey = (make) => ({
  async given() {
    const key = await newKey(mac);
    return { key, parameters: { KeyId: key, ...message, ...await make(key) } };
  },
  invalid: [{ Algorithm: 'HMAC_SHA_512' }, { Algorithm: 'MD5' }, { Message: 'no Base64' }],
});

async function versioned(spec) {
  const KeyId = await newKey(spec);
  return { KeyId, KeyVersionId: (await call('ListKeyVersions', { KeyId })).KeyVersions.KeyVersion[0].KeyVersionId };
}

/** The same on a version of a key pair; keys of a kind or usage that the action is not for: `others`. */
const onPair = (spec, others, more, invalid) => ({
  async given() {
    const version = await versioned(spec);
    return { key: version.KeyId, parameters: { ...version, ...await (typeof more === 'function' ? more(version) : more) } };
  },
  invalid: [{ KeyVersionId: 'first' }, ...invalid],
  refused: {
    'Rejected.UnsupportedOperation': async ({ parameters }) => Promise.all([{}, mac, ...others].map(async (other) => ({ ...parameters, ...await versioned(other) }))),
  },
});

const badSigning = [{ Algorithm: 'RSA_PSS_SHA_256' }, { Algorithm: 'MD5' }, { Digest: 'no Base64' }, { Digest: randomBytes(31).toString('base64') }];
const badCipher = [{ Algorithm: 'SM2PKE' }, { Algorithm: 'ROT13' }];

const requested = (KeySpec = 'RSA_2048') => call('CreateCertificate', { KeySpec, Subject });

async function certified() {
  const { CertificateId, Csr } = await requested();
  await call('UploadCertificate', { CertificateId, Certificate: issue(Csr), CertificateChain: chain });
  return CertificateId;
}

/** An entry whose parameters name a certificate, by default one in use; kms20160120 does not have these actions. */
const onCertificate = (more, invalid, make = async () => ({ CertificateId: await certified() })) => ({
  clients: certificateClients,
  async given() {
    const certificate = await make();
    return { parameters: { ...certificate, ...await (typeof more === 'function' ? more(certificate) : more) } };
  },
  invalid: [{ CertificateId: 'no id' }, ...invalid],
  refused: { 'Certificate.NotFound': changed({ CertificateId: nowhere }) },
});

const certificateClients = Object.keys(kmsClients).filter((name) => !name.startsWith('kms20160120'));
const certificateSigning = { Algorithm: 'RSA_PSS_SHA_256', Message: 'aGVsbG8=' };

const pages = { invalid: [{ PageNumber: 0 }, { PageSize: 101 }] };
const named = (key) => ({ RegionId: target.region, ResourceType: 'key', 'ResourceId.1': key });

/** `alias`: the parameter whose alias may be unknown or is refused; `key`: the one that names the key; `invalid`: changes that no value check lets pass. */
export const cases = {
  DescribeRegions: { given: () => ({}) },
  CreateKey: { given: () => ({}), invalid: [{ KeySpec: 'AES_257' }, { KeyUsage: 'EVERYTHING' }, { Origin: 'Nowhere' }], refused: {
    'Unsupported.ProtectionLevel': changed({ ProtectionLevel: 'HSM' }),
    'Forbidden.DKMSInstanceNotFound': changed({ DKMSInstanceId: 'kst-nobody-bought-this' }),
  } },
  DescribeKey: on((key) => ({ KeyId: key }), { invalid: [{ KeyId: 'no key' }] }),
  ListKeys: { given: () => ({}), ...pages },
  UpdateKeyDescription: on((key) => ({ KeyId: key, Description: 'x' })),
  EnableKey: on((key) => ({ KeyId: key }), { invalid: [{ KeyId: 'no key' }] }),
  DisableKey: on((key) => ({ KeyId: key }), { invalid: [{ KeyId: 'no key' }] }),
  ScheduleKeyDeletion: on((key) => ({ KeyId: key, PendingWindowInDays: 7 }), { invalid: [{ PendingWindowInDays: 6 }, { PendingWindowInDays: 31 }] }),
  CancelKeyDeletion: on(
    async (key) => {
      await call('ScheduleKeyDeletion', { KeyId: key, PendingWindowInDays: 7 });
      return { KeyId: key };
    },
    { invalid: [{ KeyId: 'no key' }], refused: { 'Rejected.StateModifiedFailed': async () => ({ KeyId: await newKey() }) } }),
  SetDeletionProtection: on((key) => ({ ProtectedResourceArn: arnOf(key), EnableDeletionProtection: true }), {
    key: 'ProtectedResourceArn', spell: arnOf, invalid: [{ ProtectedResourceArn: 'no ARN' }, { EnableDeletionProtection: 'perhaps' }],
  }),
  GetParametersForImport: { given: async () => ({ KeyId: await newKey({ Origin: 'EXTERNAL' }), ...oaep }), invalid: [{ WrappingAlgorithm: 'ROT13' }], refused: {
    'Unsupported.Origin': async (given) => ({ ...given, KeyId: await newKey() }),
  } },
  ImportKeyMaterial: {
    async given() {
      const key = await newKey({ Origin: 'EXTERNAL' });
      return { key, parameters: await importInto(key) };
    },
    invalid: [{ KeyMaterialExpireUnix: 1_500_000_000 }],
    refused: {
      InvalidKeyMaterial: async ({ key }) => importInto(key, randomBytes(16)),
      InvalidImportToken: async ({ parameters }) => ({ ...parameters, ImportToken: (await importInto(await newKey({ Origin: 'EXTERNAL' }))).ImportToken }),
      'Unsupported.Origin': async ({ parameters }) => ({ ...parameters, KeyId: await newKey() }),
    },
  },
  DeleteKeyMaterial: { given: async () => ({ KeyId: await importedKey() }), invalid: [{ KeyId: 'no key' }], refused: {
    'Unsupported.Origin': async () => ({ KeyId: await newKey() }),
  } },
  DescribeKeyVersion: on(async (key) => ({ KeyId: key, KeyVersionId: (await call('DescribeKey', { KeyId: key })).KeyMetadata.PrimaryKeyVersion }), {
    invalid: [{ KeyVersionId: 'first' }],
  }),
  ListKeyVersions: on((key) => ({ KeyId: key }), pages),
  UpdateRotationPolicy: on((key) => ({ KeyId: key, EnableAutomaticRotation: true, RotationInterval: '30d' }), {
    invalid: [{ RotationInterval: '6d' }, { RotationInterval: '731d' }],
    refused: { 'Rejected.UnsupportedOperation': async ({ parameters }) => ({ ...parameters, KeyId: await importedKey() }) },
  }),
  CreateKeyVersion: {
    async given(code) {
      const key = await (code === 'Rejected.PendingImport' ? importedKey() : newKey(pair));
      return { key, parameters: { KeyId: key } };
    },
    refused: { 'Rejected.UnsupportedOperation': async () => ({ KeyId: await newKey() }) },
  },
  CreateAlias: on((key) => ({ KeyId: key, AliasName: `alias/${fresh('case')}` }), { invalid: [{ AliasName: 'alias/acs/mine' }, { AliasName: 'no-prefix' }], refused: {
    AliasAlreadyExists: async ({ parameters }) => ({ ...parameters, AliasName: await newAlias(await newKey()) }),
  } }),
  UpdateAlias: on(async (key) => ({ KeyId: key, AliasName: await newAlias(await newKey()) }), {
    alias: 'AliasName', invalid: [{ AliasName: 'no-prefix' }],
  }),
  DeleteAlias: on(async (key) => ({ AliasName: await newAlias(key) }), { alias: 'AliasName', invalid: [{ AliasName: 'no-prefix' }] }),
  ListAliases: { given: () => ({}), ...pages },
  ListAliasesByKeyId: on((key) => ({ KeyId: key }), pages),
  Encrypt: on((key) => ({ KeyId: key, Plaintext: 'aGVsbG8=' }), { invalid: [{ EncryptionContext: 'no JSON' }, { EncryptionContext: '{"a":1}' }] }),
  Decrypt: on(async (key) => ({ CiphertextBlob: await sealed(key) }), { key: 'CiphertextBlob', invalid: [{ CiphertextBlob: 'AAAA' }, { EncryptionContext: '{"a":"1"}' }] }),
  GenerateDataKey: on((key) => ({ KeyId: key }), { invalid: [{ NumberOfBytes: 0 }, { NumberOfBytes: 1025 }, { KeySpec: 'AES_512' }] }),
  GenerateDataKeyWithoutPlaintext: on((key) => ({ KeyId: key }), { invalid: [{ NumberOfBytes: 0 }, { NumberOfBytes: 1025 }, { KeySpec: 'AES_512' }] }),
  ExportDataKey: on(async (key) => ({ CiphertextBlob: await sealed(key), ...toReceiver }), { invalid: [{ PublicKeyBlob: 'AAAA' }, { CiphertextBlob: 'AAAA' }] }),
  GenerateAndExportDataKey: on((key) => ({ KeyId: key, ...toReceiver }), { invalid: [{ PublicKeyBlob: 'AAAA' }, { NumberOfBytes: 191 }] }),
  ReEncrypt: on(async (key) => ({ CiphertextBlob: await sealed(key), DestinationKeyId: await newKey() }), {
    key: 'DestinationKeyId', alias: 'DestinationKeyId', invalid: [{ CiphertextBlob: 'AAAA' }, { SourceEncryptionContext: '{"a":"1"}' }],
  }),
  GetPublicKey: onPair(pair, [], {}, []),
  AsymmetricSign: onPair(pair, [oaepPair], signing, badSigning),
  AsymmetricVerify: onPair(
    pair, [oaepPair], async (version) => ({ ...signing, Value: (await call('AsymmetricSign', { ...version, ...signing })).Value }), [...badSigning, { Value: 'no Base64' }]),
  AsymmetricEncrypt: onPair(
    oaepPair, [pair], { ...enciphering, Plaintext: 'aGVsbG8=' }, [...badCipher, { Plaintext: 'no Base64!' }, { Plaintext: randomBytes(191).toString('base64') }]),
  AsymmetricDecrypt: onPair(
    oaepPair, [pair], async (version) => ({ ...enciphering, CiphertextBlob: (await call('AsymmetricEncrypt', { ...version, ...enciphering, Plaintext: 'aGVsbG8=' })).CiphertextBlob }),
    [...badCipher, { CiphertextBlob: 'AAAA' }, { CiphertextBlob: randomBytes(256).toString('base64') }]),
  GenerateMac: onMacKey(() => ({})),
  VerifyMac: onMacKey(async (key) => ({ Mac: (await call('GenerateMac', { KeyId: key, ...message })).Mac })),
  TagResource: on((key) => ({ KeyId: key, Tags: '[{"TagKey":"a","TagValue":"1"}]' }), { invalid: [{ Tags: 'a=1' }, { Tags: '[{"TagKey":"acs:a","TagValue":"1"}]' }] }),
  UntagResource: on((key) => ({ KeyId: key, TagKeys: '["a"]' }), { invalid: [{ TagKeys: 'a' }] }),
  ListResourceTags: on((key) => ({ KeyId: key }), { invalid: [{ KeyId: 'no key' }] }),
  TagResources: on((key) => ({ ...named(key), 'Tag.1.Key': 'a', 'Tag.1.Value': '1' }), { key: 'ResourceId.1', invalid: [{ ResourceType: 'bucket' }], refused: {
    'InvalidParameter.TagKey': changed({ 'Tag.1.Key': 'acs:a' }),
    'InvalidParameter.TagValue': changed({ 'Tag.1.Value': 'x'.repeat(129) }),
    'Duplicate.TagKey': changed({ 'Tag.2.Key': 'a', 'Tag.2.Value': '2' }),
  } }),
  UntagResources: on((key) => ({ ...named(key), 'TagKey.1': 'a' }), { key: 'ResourceId.1', invalid: [{ ResourceType: 'bucket' }] }),
  ListTagResources: on((key) => named(key), { key: 'ResourceId.1', invalid: [{ ResourceType: 'bucket' }], refused: {
    'Duplicate.TagKey': changed({ 'Tag.1.Key': 'a', 'Tag.1.Value': '1', 'Tag.2.Key': 'a', 'Tag.2.Value': '2' }),
  } }),
  GetKeyPolicy: on((key) => ({ KeyId: key }), { invalid: [{ PolicyName: 'other' }] }),
  SetKeyPolicy: on((key) => ({ KeyId: key, Policy: allow({ RAM: [`acs:ram::${target.account}:*`] }) }), { invalid: [{ Policy: '{}' }, { PolicyName: 'other' }] }),
  CreateCertificate: {
    clients: certificateClients,
    given: () => ({ KeySpec: 'EC_P256', Subject }),
    invalid: [{ KeySpec: 'AES_256' }, { Subject: 'a name' }, { SubjectAlternativeNames: '["127.0.0.1"]' }],
  },
  UploadCertificate: onCertificate({}, [{ Certificate: 'no PEM' }, { Certificate: chain }, { CertificateChain: 'no PEM' }], async () => {
    const { CertificateId, Csr } = await requested();
    return { CertificateId, Certificate: issue(Csr), CertificateChain: chain };
  }),
  GetCertificate: onCertificate({}, []),
  DescribeCertificate: onCertificate({}, []),
  UpdateCertificateStatus: onCertificate({ Status: 'REVOKED' }, [{ Status: 'PENDING' }, { Status: 'GONE' }]),
  DeleteCertificate: onCertificate({}, []),
  CertificatePrivateKeySign: onCertificate(certificateSigning, [{ Algorithm: 'ECDSA_SHA_256' }, { Algorithm: 'MD5' }, { Message: 'no Base64!' }]),
  CertificatePublicKeyVerify: onCertificate(
    async (certificate) => ({ ...certificateSigning, SignatureValue: (await call('CertificatePrivateKeySign', { ...certificate, ...certificateSigning })).SignatureValue }),
    [{ Algorithm: 'ECDSA_SHA_256' }, { SignatureValue: 'no Base64!' }]),
  CertificatePublicKeyEncrypt: onCertificate({ ...enciphering, Plaintext: 'aGVsbG8=' }, [{ Algorithm: 'SM2PKE' }, { Plaintext: 'no Base64!' }]),
  CertificatePrivateKeyDecrypt: onCertificate(
    async (certificate) => ({ ...enciphering, CiphertextBlob: (await call('CertificatePublicKeyEncrypt', { ...certificate, ...enciphering, Plaintext: 'aGVsbG8=' })).CiphertextBlob }),
    [{ Algorithm: 'SM2PKE' }, { CiphertextBlob: 'AAAA' }]),
};

/** Brings the key of a case into a state, and calls. */
const after = (action, more = {}) => async (given) => {
  await call(action, { KeyId: given.key, ...more });
  return parametersOf(given);
};

const dry = changed({ DryRun: 'true' });

/** What provokes an error the same way for every action. */
export function rules(code, { required, entry }) {
  const key = entry.key ?? 'KeyId';
  const spell = entry.spell ?? ((id) => id);
  return {
    MissingParameter: withoutEach(required),
    InvalidParameter: entry.invalid && ((given) => entry.invalid.map((changes) => ({ ...parametersOf(given), ...changes }))),
    'Forbidden.KeyNotFound': changed({ [key]: spell(nowhere) }),
    'Forbidden.KeyVersionNotFound': changed({ KeyVersionId: nowhere }),
    'InvalidResourceId.NotFound': changed({ 'ResourceId.1': nowhere }),
    'Forbidden.AliasNotFound': changed({ [entry.alias ?? 'KeyId']: nobodysAlias }),
    'Unsupported.Alias': async (given) => ({ ...parametersOf(given), KeyId: await newAlias(await newKey()) }),
    UnsupportedOperation: key === 'KeyId' ? async (given) => ({ ...parametersOf(given), KeyId: await newKey(pair) }) : undefined,
    DryRunOperationError: dry,
    ValidationError: entry.invalid && ((given) => entry.invalid.map((changes) => ({ ...dry(given), ...changes }))),
    AccessDeniedError: async (given) => ({ parameters: dry(given), by: await penniless() }),
    'Rejected.Disabled': after('DisableKey'),
    'Rejected.PendingDeletion': after('ScheduleKeyDeletion', { PendingWindowInDays: 7 }),
    'Rejected.StateModifiedFailed': after('ScheduleKeyDeletion', { PendingWindowInDays: 7 }),
    'Rejected.PendingImport': after('DeleteKeyMaterial'),
  }[code];
}

const noInstances = 'the vendor sells instances (KMS instance, DKMS); this service has none';
const noFault = 'answers a fault inside the service; golden files hold its shape, the crash and failure tests its occurrence';
const oneFailure = 'a key that comes from a ciphertext and is not there is the one decryption failure, InvalidParameter (decisions.md D6)';
const noSecrets = 'no parameter of this action names a secret';
const noPairs = 'needs a key of another usage, which a ciphertext cannot bring';
const notImported = 'only AES and SM4 keys are imported';
const noAliasHere = 'the action table takes no alias here, so every alias is refused with Unsupported.Alias';

export const unreachable = {
  '* InternalFailure': noFault,
  '* ServiceUnavailableTemporary': noFault,
  '* Rejected.ShareQuotaExceedLimit': noInstances,
  '* Forbidden.DKMSInstanceStateInvalid': noInstances,
  '* Rejected.Unavailable': 'the state Unavailable belongs to keys of the vendor\'s instances',
  '* Throttling': 'there is no request quota for this action',
  '* Forbidden.ResourceNotFound': noSecrets,
  '* Forbidden.KeyPolicyUnSupported': 'every key here may have a policy',
  '* UnsupportedOperation': noPairs,
  ...Object.fromEntries(
    ['GetPublicKey', 'AsymmetricSign', 'AsymmetricVerify', 'AsymmetricEncrypt', 'AsymmetricDecrypt', 'GenerateMac', 'VerifyMac']
      .map((action) => [`${action} Rejected.PendingImport`, notImported])),
  'CreateKey UnsupportedOperation': 'every key type of the specification is offered',
  'DescribeRegions InvalidParameter': 'the action takes no parameter',
  'DescribeKeyVersion Forbidden.AliasNotFound': noAliasHere,
  'ListKeyVersions Forbidden.AliasNotFound': noAliasHere,
  'Decrypt Forbidden.KeyNotFound': oneFailure,
  'Decrypt Forbidden.AliasNotFound': oneFailure,
  'ExportDataKey Forbidden.KeyNotFound': oneFailure,
};
