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

const client2020 = 'kms20160120 (1.0)';

const newKey = async (kms, parameters = {}) => (await kms.call('CreateKey', parameters)).KeyMetadata.KeyId;
const describe = async (kms, key) => (await kms.call('DescribeKey', { KeyId: key })).KeyMetadata;

describeActions({
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
