// The life cycle of keys beyond kms-actions: protection, versions and rotation, import, with every official client.
import assert from 'node:assert/strict';
import { constants, createPublicKey, generateKeyPairSync, privateDecrypt, publicEncrypt, randomBytes } from 'node:crypto';
import { refuses } from '../assertions.mjs';
import { describeActions } from '../kms-actions.mjs';
import { target } from '../target.mjs';

const nowhere = '00000000-0000-4000-8000-000000000000';
const nowhereArn = `acs:kms:${target.region}:${target.account}:key/${nowhere}`;
const keyNotFound = { status: 404, code: 'Forbidden.KeyNotFound' };
const missing = { status: 400, code: 'MissingParameter' };
const invalid = { status: 400, code: 'InvalidParameter' };
const unsupported = { status: 400, code: 'Rejected.UnsupportedOperation' };
const noAlias = { status: 400, code: 'Unsupported.Alias' };
const utcSeconds = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

const client2020 = 'kms20160120 (1.0)';

const newKey = async (kms, parameters = {}) => (await kms.call('CreateKey', parameters)).KeyMetadata.KeyId;
const describe = async (kms, key) => (await kms.call('DescribeKey', { KeyId: key })).KeyMetadata;

const versionsOf = async (kms, key) => (await kms.call('ListKeyVersions', { KeyId: key, PageNumber: 1, PageSize: 10 })).KeyVersions.KeyVersion;

const disabled = async (kms) => {
  const key = await newKey(kms);
  await kms.call('DisableKey', { KeyId: key });
  return key;
};

const origin = { status: 400, code: 'Unsupported.Origin' };
const material = { status: 400, code: 'InvalidKeyMaterial' };
const oaepSha256 = { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' };
const paddings = {
  RSAES_PKCS1_V1_5: { padding: constants.RSA_PKCS1_PADDING },
  RSAES_OAEP_SHA_1: { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
  RSAES_OAEP_SHA_256: { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
};

/** A key that waits for material, with parameters for the import. */
async function awaiting(kms, algorithm = 'RSAES_OAEP_SHA_256') {
  const key = await newKey(kms, { Origin: 'EXTERNAL' });
  const given = await kms.call('GetParametersForImport', { KeyId: key, WrappingAlgorithm: algorithm, WrappingKeySpec: 'RSA_2048' });
  const publicKey = createPublicKey({ key: Buffer.from(given.PublicKey, 'base64'), format: 'der', type: 'spki' });
  const wrap = (bytes) => publicEncrypt({ key: publicKey, ...paddings[algorithm] }, bytes).toString('base64');
  return { key, wrap, ...given };
}

const receiver = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { format: 'der', type: 'spki' } });
const toReceiver = { ...oaepSha256, PublicKeyBlob: receiver.publicKey.toString('base64') };
const opened = (exported) => privateDecrypt({ key: receiver.privateKey, ...paddings.RSAES_OAEP_SHA_256 }, Buffer.from(exported, 'base64'));

const importedInto = (kms, { key, ImportToken, wrap }, bytes, expires = 0) =>
  kms.call('ImportKeyMaterial', { KeyId: key, ImportToken, EncryptedKeyMaterial: wrap(bytes), KeyMaterialExpireUnix: expires });

const tagRows = async (kms, parameters) => (await kms.call('ListTagResources', { RegionId: target.region, ResourceType: 'key', ...parameters }))
  .TagResources.TagResource.map((row) => [row.ResourceId, row.TagKey, row.TagValue]);

describeActions({
  CreateKey: {
    async happy(kms) {
      const { KeyMetadata: key } = await kms.call('CreateKey', { EnableAutomaticRotation: true, RotationInterval: '30d' });
      assert.deepEqual([key.AutomaticRotation, key.RotationInterval], ['Enabled', '2592000s']);
      assert.equal(Date.parse(key.NextRotationDate) - Date.parse(key.LastRotationDate), 30 * 86_400_000);
      assert.equal(key.LastRotationDate, key.CreationDate);
    },
    refused: {
      'a rotation without its interval': [{ EnableAutomaticRotation: true }, invalid],
      'a rotation every 6 days': [{ EnableAutomaticRotation: true, RotationInterval: '6d' }, invalid],
      'a rotation every 731 days': [{ EnableAutomaticRotation: true, RotationInterval: '731d' }, invalid],
    },
  },
  UpdateRotationPolicy: {
    async happy(kms) {
      const key = await newKey(kms);
      await kms.call('UpdateRotationPolicy', { KeyId: key, EnableAutomaticRotation: true, RotationInterval: '168h' });
      const on = await describe(kms, key);
      assert.deepEqual([on.AutomaticRotation, on.RotationInterval], ['Enabled', '604800s']);
      assert.equal(Date.parse(on.NextRotationDate) - Date.parse(on.LastRotationDate), 7 * 86_400_000);
      await kms.call('DisableKey', { KeyId: key });
      assert.equal((await describe(kms, key)).AutomaticRotation, 'Suspended');
      await kms.call('EnableKey', { KeyId: key });
      assert.equal((await describe(kms, key)).AutomaticRotation, 'Enabled');
      await kms.call('UpdateRotationPolicy', { KeyId: key, EnableAutomaticRotation: false });
      const off = await describe(kms, key);
      assert.deepEqual([off.AutomaticRotation, off.RotationInterval, off.NextRotationDate], ['Disabled', undefined, undefined]);
    },
    refused: {
      'an interval in weeks': [async (kms) => ({ KeyId: await newKey(kms), EnableAutomaticRotation: true, RotationInterval: '2w' }), invalid],
      'an alias': [{ KeyId: 'alias/some-key', EnableAutomaticRotation: false }, noAlias],
      'a disabled key': [async (kms) => ({ KeyId: await disabled(kms), EnableAutomaticRotation: false }), { status: 409, code: 'Rejected.Disabled' }],
      'an unknown key': [{ KeyId: nowhere, EnableAutomaticRotation: false }, keyNotFound],
    },
  },
  ListKeyVersions: {
    async happy(kms) {
      const key = await newKey(kms);
      const [version, ...more] = await versionsOf(kms, key);
      assert.equal(more.length, 0);
      assert.deepEqual([version.KeyId, version.KeyVersionId], [key, (await describe(kms, key)).PrimaryKeyVersion]);
      assert.match(version.CreationDate, utcSeconds);
      const beyond = await kms.call('ListKeyVersions', { KeyId: key, PageNumber: 2, PageSize: 10 });
      assert.deepEqual([beyond.TotalCount, beyond.KeyVersions.KeyVersion], [1, []]);
    },
    refused: {
      'an unknown key': [{ KeyId: nowhere }, keyNotFound],
      'an alias': [{ KeyId: 'alias/some-key' }, noAlias],
      'a page of 101': [async (kms) => ({ KeyId: await newKey(kms), PageSize: 101, PageNumber: 1 }), invalid],
    },
  },
  DescribeKeyVersion: {
    async happy(kms) {
      const key = await newKey(kms);
      const [version] = await versionsOf(kms, key);
      assert.deepEqual((await kms.call('DescribeKeyVersion', { KeyId: key, KeyVersionId: version.KeyVersionId })).KeyVersion, version);
    },
    refused: {
      'the version of another key': [async (kms) => {
        const [version] = await versionsOf(kms, await newKey(kms));
        return { KeyId: await newKey(kms), KeyVersionId: version.KeyVersionId };
      }, { status: 404, code: 'Forbidden.KeyVersionNotFound' }],
      'no version': [async (kms) => ({ KeyId: await newKey(kms) }), missing],
      'a version that is no id': [async (kms) => ({ KeyId: await newKey(kms), KeyVersionId: 'first' }), invalid],
    },
  },
  CreateKeyVersion: {
    // key pairs are not offered yet, and symmetric keys rotate by their schedule
    async happy(kms) {
      const key = await newKey(kms);
      await refuses(() => kms.call('CreateKeyVersion', { KeyId: key }), 400, 'Rejected.UnsupportedOperation');
      assert.equal((await versionsOf(kms, key)).length, 1);
    },
    refused: {
      'a symmetric key': [async (kms) => ({ KeyId: await newKey(kms) }), unsupported],
      'a disabled key': [async (kms) => ({ KeyId: await disabled(kms) }), { status: 409, code: 'Rejected.Disabled' }],
      'an unknown key': [{ KeyId: nowhere }, keyNotFound],
    },
  },
  SetDeletionProtection: {
    without: [client2020],
    async happy(kms) {
      const key = await newKey(kms);
      const { Arn } = await describe(kms, key);
      await kms.call('SetDeletionProtection', { ProtectedResourceArn: Arn, EnableDeletionProtection: true, DeletionProtectionDescription: 'used by backups' });
      const guarded = await describe(kms, key);
      assert.deepEqual([guarded.DeletionProtection, guarded.DeletionProtectionDescription], ['Enabled', 'used by backups']);
      await refuses(() => kms.call('ScheduleKeyDeletion', { KeyId: key, PendingWindowInDays: 7 }), 409, 'Rejected.StateModifiedFailed');
      await kms.call('SetDeletionProtection', { KeyId: key, EnableDeletionProtection: false });
      const free = await describe(kms, key);
      assert.deepEqual([free.DeletionProtection, free.DeletionProtectionDescription], ['Disabled', undefined]);
      await kms.call('ScheduleKeyDeletion', { KeyId: key, PendingWindowInDays: 7 });
      await refuses(() => kms.call('SetDeletionProtection', { KeyId: key, EnableDeletionProtection: true }), 409, 'Rejected.PendingDeletion');
    },
    refused: {
      'an unknown key': [{ ProtectedResourceArn: nowhereArn, EnableDeletionProtection: true }, keyNotFound],
      'no key': [{ EnableDeletionProtection: true }, missing],
      'something that is no ARN': [{ ProtectedResourceArn: nowhere, EnableDeletionProtection: true }, invalid],
    },
  },
  GetParametersForImport: {
    async happy(kms) {
      const { key, KeyId, ImportToken, TokenExpireTime } = await awaiting(kms);
      assert.equal(KeyId, key);
      assert.match(TokenExpireTime, utcSeconds);
      const hours = (Date.parse(TokenExpireTime) - Date.now()) / 3_600_000;
      assert.ok(hours > 23.9 && hours <= 24, TokenExpireTime);
      assert.ok(ImportToken.length > 100);
      assert.equal((await describe(kms, key)).KeyState, 'PendingImport');
    },
    refused: {
      'a key whose material is made here': [async (kms) => ({ KeyId: await newKey(kms), ...oaepSha256 }), origin],
      'an algorithm of another key type': [async (kms) => ({ KeyId: await newKey(kms, { Origin: 'EXTERNAL' }), ...oaepSha256, WrappingKeySpec: 'EC_SM2' }), invalid],
      'an unknown key': [{ KeyId: nowhere, ...oaepSha256 }, keyNotFound],
      'no algorithm': [async (kms) => ({ KeyId: await newKey(kms, { Origin: 'EXTERNAL' }), WrappingKeySpec: 'RSA_2048' }), missing],
    },
  },
  ImportKeyMaterial: {
    async happy(kms) {
      for (const algorithm of Object.keys(paddings)) {
        const external = await awaiting(kms, algorithm);
        await importedInto(kms, external, randomBytes(32));
        assert.equal((await describe(kms, external.key)).KeyState, 'Enabled');
        const sealed = await kms.call('Encrypt', { KeyId: external.key, Plaintext: 'text' });
        assert.equal((await kms.call('Decrypt', { CiphertextBlob: sealed.CiphertextBlob })).Plaintext, 'text');
      }

      const external = await awaiting(kms);
      const bytes = randomBytes(32);
      const expires = Math.floor(Date.now() / 1000) + 3600;
      await importedInto(kms, external, bytes, expires);
      assert.equal(Date.parse((await describe(kms, external.key)).MaterialExpireTime), expires * 1000);
      await importedInto(kms, external, bytes);
      assert.equal((await describe(kms, external.key)).MaterialExpireTime, '');
    },
    refused: {
      'other bytes than the first time': [async (kms) => {
        const { key, wrap, ImportToken, ...rest } = await awaiting(kms);
        await importedInto(kms, { key, wrap, ImportToken, ...rest }, randomBytes(32));
        return { KeyId: key, ImportToken, EncryptedKeyMaterial: wrap(randomBytes(32)), KeyMaterialExpireUnix: 0 };
      }, material],
      'bytes of another length': [async (kms) => {
        const { key, wrap, ImportToken } = await awaiting(kms);
        return { KeyId: key, ImportToken, EncryptedKeyMaterial: wrap(randomBytes(16)), KeyMaterialExpireUnix: 0 };
      }, material],
      'a token of another key': [async (kms) => {
        const { key, wrap } = await awaiting(kms);
        return { KeyId: key, ImportToken: (await awaiting(kms)).ImportToken, EncryptedKeyMaterial: wrap(randomBytes(32)), KeyMaterialExpireUnix: 0 };
      }, { status: 400, code: 'InvalidImportToken' }],
      'an expiry that is past': [async (kms) => {
        const { key, wrap, ImportToken } = await awaiting(kms);
        return { KeyId: key, ImportToken, EncryptedKeyMaterial: wrap(randomBytes(32)), KeyMaterialExpireUnix: 1_500_000_000 };
      }, invalid],
      'a key whose material is made here': [async (kms) => ({ KeyId: await newKey(kms), ImportToken: 'x', EncryptedKeyMaterial: 'AAAA', KeyMaterialExpireUnix: 0 }), origin],
    },
  },
  DeleteKeyMaterial: {
    async happy(kms) {
      const external = await awaiting(kms);
      const bytes = randomBytes(32);
      await importedInto(kms, external, bytes);
      const sealed = await kms.call('Encrypt', { KeyId: external.key, Plaintext: 'text' });
      await kms.call('DeleteKeyMaterial', { KeyId: external.key });
      assert.equal((await describe(kms, external.key)).KeyState, 'PendingImport');
      await refuses(() => kms.call('Decrypt', { CiphertextBlob: sealed.CiphertextBlob }), 409, 'Rejected.PendingImport');
      await importedInto(kms, external, bytes);
      assert.equal((await kms.call('Decrypt', { CiphertextBlob: sealed.CiphertextBlob })).Plaintext, 'text');
    },
    refused: {
      'a key whose material is made here': [async (kms) => ({ KeyId: await newKey(kms) }), origin],
      'an unknown key': [{ KeyId: nowhere }, keyNotFound],
    },
  },
  GenerateAndExportDataKey: {
    without: [client2020],
    async happy(kms) {
      const key = await newKey(kms);
      for (const [parameters, length] of [[{}, 32], [{ KeySpec: 'AES_128' }, 16], [{ NumberOfBytes: 190 }, 190]]) {
        const made = await kms.call('GenerateAndExportDataKey', { KeyId: key, ...toReceiver, ...parameters });
        const dataKey = opened(made.ExportedDataKey);
        assert.deepEqual([made.KeyId, made.Plaintext, dataKey.length], [key, undefined, length]);
        assert.equal((await kms.call('Decrypt', { CiphertextBlob: made.CiphertextBlob })).Plaintext, dataKey.toString('base64'));
      }
    },
    refused: {
      'more bytes than fit': [async (kms) => ({ KeyId: await newKey(kms), ...toReceiver, NumberOfBytes: 191 }), invalid],
      'a public key that is none': [async (kms) => ({ KeyId: await newKey(kms), ...toReceiver, PublicKeyBlob: 'AAAA' }), invalid],
      'an unknown key': [{ KeyId: nowhere, ...toReceiver }, keyNotFound],
    },
  },
  ExportDataKey: {
    without: [client2020],
    async happy(kms) {
      const key = await newKey(kms);
      const made = await kms.call('GenerateDataKey', { KeyId: key, EncryptionContext: '{"a":"1"}' });
      const exported = await kms.call('ExportDataKey', { CiphertextBlob: made.CiphertextBlob, EncryptionContext: '{ "a": "1" }', ...toReceiver });
      assert.deepEqual([exported.KeyId, exported.KeyVersionId], [key, made.KeyVersionId]);
      assert.equal(opened(exported.ExportedDataKey).toString('base64'), made.Plaintext);
    },
    refused: {
      'another context': [async (kms) => {
        const made = await kms.call('GenerateDataKey', { KeyId: await newKey(kms), EncryptionContext: '{"a":"1"}' });
        return { CiphertextBlob: made.CiphertextBlob, ...toReceiver };
      }, invalid],
      'no receiver': [async (kms) => ({ CiphertextBlob: (await kms.call('GenerateDataKey', { KeyId: await newKey(kms) })).CiphertextBlob }), missing],
    },
  },
  ReEncrypt: {
    without: [client2020],
    async happy(kms) {
      const [from, to] = [await newKey(kms), await newKey(kms)];
      const sealed = await kms.call('Encrypt', { KeyId: from, Plaintext: 'text', EncryptionContext: '{"a":"1"}' });
      const moved = await kms.call('ReEncrypt', {
        CiphertextBlob: sealed.CiphertextBlob, SourceEncryptionContext: '{"a":"1"}', DestinationKeyId: to, DestinationEncryptionContext: '{"b":"2"}',
      });
      assert.deepEqual([moved.KeyId, moved.KeyVersionId, moved.Plaintext], [to, (await describe(kms, to)).PrimaryKeyVersion, undefined]);
      const { KeyId, Plaintext } = await kms.call('Decrypt', { CiphertextBlob: moved.CiphertextBlob, EncryptionContext: '{"b":"2"}' });
      assert.deepEqual([KeyId, Plaintext], [to, 'text']);
    },
    refused: {
      'another context': [async (kms) => {
        const sealed = await kms.call('Encrypt', { KeyId: await newKey(kms), Plaintext: 'text', EncryptionContext: '{"a":"1"}' });
        return { CiphertextBlob: sealed.CiphertextBlob, DestinationKeyId: await newKey(kms) };
      }, invalid],
      'an unknown destination': [async (kms) => {
        const sealed = await kms.call('Encrypt', { KeyId: await newKey(kms), Plaintext: 'text' });
        return { CiphertextBlob: sealed.CiphertextBlob, DestinationKeyId: nowhere };
      }, keyNotFound],
      'a disabled destination': [async (kms) => {
        const sealed = await kms.call('Encrypt', { KeyId: await newKey(kms), Plaintext: 'text' });
        return { CiphertextBlob: sealed.CiphertextBlob, DestinationKeyId: await disabled(kms) };
      }, { status: 409, code: 'Rejected.Disabled' }],
    },
  },
  TagResources: {
    without: [client2020],
    async happy(kms) {
      const [one, two] = [await newKey(kms), await newKey(kms)];
      await kms.call('TagResources', {
        RegionId: target.region, ResourceType: 'key', 'ResourceId.1': one, 'ResourceId.2': two, 'Tag.1.Key': 'Project', 'Tag.1.Value': 'Apollo', 'Tag.2.Key': 'project', 'Tag.2.Value': 'x',
      });
      assert.deepEqual(await tagRows(kms, { 'ResourceId.1': one }), [[one, 'Project', 'Apollo'], [one, 'project', 'x']]);
      assert.deepEqual((await kms.call('ListResourceTags', { KeyId: two })).Tags.Tag.map((tag) => tag.TagKey), ['Project', 'project']);
    },
    refused: {
      'an unknown key': [{ RegionId: target.region, ResourceType: 'key', 'ResourceId.1': nowhere, 'Tag.1.Key': 'a', 'Tag.1.Value': 'b' }, { status: 404, code: 'InvalidResourceId.NotFound' }],
      'a reserved tag': [async (kms) => ({ RegionId: target.region, ResourceType: 'key', 'ResourceId.1': await newKey(kms), 'Tag.1.Key': 'acs:a', 'Tag.1.Value': 'b' }), { status: 400, code: 'InvalidParameter.TagKey' }],
      'a tag twice': [async (kms) => ({
        RegionId: target.region, ResourceType: 'key', 'ResourceId.1': await newKey(kms), 'Tag.1.Key': 'a', 'Tag.1.Value': 'b', 'Tag.2.Key': 'a', 'Tag.2.Value': 'c',
      }), { status: 400, code: 'Duplicate.TagKey' }],
    },
  },
  UntagResources: {
    without: [client2020],
    async happy(kms) {
      const key = await newKey(kms, {});
      const named = { RegionId: target.region, ResourceType: 'key', 'ResourceId.1': key };
      await kms.call('TagResources', { ...named, 'Tag.1.Key': 'a', 'Tag.1.Value': '1', 'Tag.2.Key': 'b', 'Tag.2.Value': '2' });
      await kms.call('UntagResources', { ...named, 'TagKey.1': 'a' });
      assert.deepEqual(await tagRows(kms, { 'ResourceId.1': key }), [[key, 'b', '2']]);
      await kms.call('UntagResources', { ...named, All: true });
      assert.deepEqual(await tagRows(kms, { 'ResourceId.1': key }), []);
    },
    refused: {
      'neither names nor All': [async (kms) => ({ RegionId: target.region, ResourceType: 'key', 'ResourceId.1': await newKey(kms) }), missing],
      'an unknown key': [{ RegionId: target.region, ResourceType: 'key', 'ResourceId.1': nowhere, 'TagKey.1': 'a' }, { status: 404, code: 'InvalidResourceId.NotFound' }],
    },
  },
  ListTagResources: {
    without: [client2020],
    async happy(kms) {
      const [one, two] = [await newKey(kms), await newKey(kms)];
      const mark = `mark-${one}`;
      for (const [key, stage] of [[one, 'prod'], [two, 'test']]) {
        await kms.call('TagResource', { KeyId: key, Tags: JSON.stringify([{ TagKey: 'Mark', TagValue: mark }, { TagKey: 'Stage', TagValue: stage }]) });
      }

      assert.deepEqual((await tagRows(kms, { 'Tag.1.Key': 'Mark', 'Tag.1.Value': mark })).map(([key]) => key).sort(), [one, one, two, two].sort());
      assert.deepEqual(
        await tagRows(kms, { 'Tag.1.Key': 'Mark', 'Tag.1.Value': mark, 'Tag.2.Key': 'Stage', 'Tag.2.Value': 'test' }), [[two, 'Mark', mark], [two, 'Stage', 'test']]);
      assert.deepEqual(await tagRows(kms, { 'ResourceId.1': one, 'Tag.1.Key': 'Stage', 'Tag.1.Value': 'test' }), []);
    },
    refused: {
      'an unknown key': [{ RegionId: target.region, ResourceType: 'key', 'ResourceId.1': nowhere }, { status: 404, code: 'InvalidResourceId.NotFound' }],
      'an unknown kind': [{ RegionId: target.region, ResourceType: 'bucket' }, invalid],
    },
  },
});
