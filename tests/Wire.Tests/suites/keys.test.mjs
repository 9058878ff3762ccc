// The life cycle of keys beyond kms-actions: protection, versions and rotation, import, with every official client.
import assert from 'node:assert/strict';
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
});
