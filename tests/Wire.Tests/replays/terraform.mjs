// Terraform's provider alicloud (also below Pulumi and Crossplane): what its resources and data sources call, in their order.
const shape = 'terraform';
const key = { KeyId: '$key' };
const resource = { ResourceType: 'key', 'ResourceId.1': '$key' };
const polled = (state) => ({ call: 'DescribeKey', title: `until ${state}`, with: key, until: { 'KeyMetadata.KeyState': state } });
const created = (keep = 'key') => ({ call: 'CreateKey', with: { Description: 'From Terraform', KeyUsage: 'ENCRYPT/DECRYPT', Origin: 'Aliyun_KMS' }, keep: { [keep]: 'KeyMetadata.KeyId' } });
const policy = '{"Version":"1","Statement":[{"Sid":"own","Effect":"Allow","Action":["kms:*"],"Resource":["*"],"Principal":{"RAM":["acs:ram::$account:*"]}}]}';

export const terraform = [
  {
    title: 'alicloud_kms_key', shape, steps: [
      {
        call: 'CreateKey', keep: { key: 'KeyMetadata.KeyId', arn: 'KeyMetadata.Arn' },
        with: {
          Description: 'From Terraform', KeySpec: 'Aliyun_AES_256', KeyUsage: 'ENCRYPT/DECRYPT', Origin: 'Aliyun_KMS', ProtectionLevel: 'SOFTWARE',
          EnableAutomaticRotation: true, RotationInterval: '30d', Tags: '[{"TagKey":"Created","TagValue":"TF"},{"TagKey":"For","TagValue":"acceptance"}]',
        },
      },
      polled('Enabled'),
      {
        call: 'DescribeKey', title: 'read', with: key, is: {
          'KeyMetadata.Description': 'From Terraform', 'KeyMetadata.KeySpec': 'Aliyun_AES_256', 'KeyMetadata.KeyUsage': 'ENCRYPT/DECRYPT',
          'KeyMetadata.Origin': 'Aliyun_KMS', 'KeyMetadata.ProtectionLevel': 'SOFTWARE', 'KeyMetadata.AutomaticRotation': 'Enabled',
          'KeyMetadata.RotationInterval': '2592000s', 'KeyMetadata.Creator': '$account', 'KeyMetadata.DeletionProtection': 'Disabled',
        },
      },
      { call: 'ListTagResources', with: resource, is: { 'TagResources.TagResource.0.TagKey': 'Created', 'TagResources.TagResource.0.TagValue': 'TF', 'TagResources.TagResource.1.TagKey': 'For' } },
      { call: 'GetKeyPolicy', with: { ...key, PolicyName: 'default' }, like: { Policy: /Statement/ } },
      { call: 'UpdateKeyDescription', with: { ...key, Description: 'From Terraform, updated' } },
      { call: 'UpdateRotationPolicy', with: { ...key, EnableAutomaticRotation: true, RotationInterval: '2678400s' } },
      { call: 'DisableKey', with: key },
      polled('Disabled'),
      { call: 'DescribeKey', title: 'rotation waits', with: key, is: { 'KeyMetadata.AutomaticRotation': 'Suspended' } },
      { call: 'EnableKey', with: key },
      polled('Enabled'),
      { call: 'UpdateRotationPolicy', with: { ...key, EnableAutomaticRotation: false } },
      { call: 'SetDeletionProtection', with: { EnableDeletionProtection: true, ProtectedResourceArn: '$arn', DeletionProtectionDescription: 'by Terraform' } },
      { call: 'SetKeyPolicy', with: { ...key, PolicyName: 'default', Policy: policy } },
      { call: 'GetKeyPolicy', title: 'as it was set', with: { ...key, PolicyName: 'default' }, is: { Policy: policy } },
      { call: 'UntagResources', with: { ...resource, 'TagKey.1': 'For' } },
      { call: 'TagResources', with: { ...resource, 'Tag.1.Key': 'Created', 'Tag.1.Value': 'TF-update', 'Tag.2.Key': 'Team', 'Tag.2.Value': 'b-c' } },
      {
        call: 'DescribeKey', title: 'no drift', with: key, is: {
          'KeyMetadata.Description': 'From Terraform, updated', 'KeyMetadata.AutomaticRotation': 'Disabled', 'KeyMetadata.DeletionProtection': 'Enabled',
          'KeyMetadata.DeletionProtectionDescription': 'by Terraform', 'KeyMetadata.KeyState': 'Enabled',
        },
      },
      { call: 'ListTagResources', title: 'no drift', with: resource, is: { 'TagResources.TagResource.0.TagValue': 'TF-update', 'TagResources.TagResource.1.TagKey': 'Team', 'TagResources.TagResource.2': undefined } },
      { call: 'ScheduleKeyDeletion', title: 'destroy of a protected key', with: { ...key, PendingWindowInDays: 7 }, refused: [409, 'Rejected.StateModifiedFailed'] },
      { call: 'SetDeletionProtection', with: { EnableDeletionProtection: false, ProtectedResourceArn: '$arn' } },
      { call: 'ScheduleKeyDeletion', with: { ...key, PendingWindowInDays: 7 } },
      polled('PendingDeletion'),
      { call: 'DescribeKey', title: 'a key that never was is gone', with: { KeyId: '00000000-0000-4000-8000-000000000000' }, refused: [404, 'Forbidden.KeyNotFound'] },
    ],
  },
  {
    title: 'alicloud_kms_alias', shape, steps: [
      created(), created('second'),
      { call: 'CreateAlias', with: { ...key, AliasName: 'alias/terraform' } },
      { call: 'ListAliases', pages: { rows: 'Aliases.Alias', size: 50, atLeast: 1, id: 'AliasName' }, holds: 'alias/terraform' },
      { call: 'UpdateAlias', with: { KeyId: '$second', AliasName: 'alias/terraform' } },
      { call: 'DescribeKey', title: 'by the alias', with: { KeyId: 'alias/terraform' }, is: { 'KeyMetadata.KeyId': '$second' } },
      { call: 'DeleteAlias', with: { AliasName: 'alias/terraform' } },
      { call: 'ListAliases', title: 'gone', pages: { rows: 'Aliases.Alias', size: 50, atLeast: 0, id: 'AliasName' }, lacks: 'alias/terraform' },
      { call: 'DeleteAlias', title: 'again', with: { AliasName: 'alias/terraform' }, refused: [404, 'Forbidden.AliasNotFound'] },
    ],
  },
  {
    title: 'alicloud_kms_key_version', shape, steps: [
      created(),
      { call: 'ListKeyVersions', with: { ...key, PageNumber: 1, PageSize: 50 }, is: { TotalCount: 1 }, keep: { version: 'KeyVersions.KeyVersion.0.KeyVersionId' } },
      { call: 'DescribeKeyVersion', with: { ...key, KeyVersionId: '$version' }, is: { 'KeyVersion.KeyId': '$key', 'KeyVersion.KeyVersionId': '$version' }, like: { 'KeyVersion.CreationDate': /Z$/ } },
      { call: 'CreateKeyVersion', title: 'of a symmetric key', with: key, refused: [400, 'Rejected.UnsupportedOperation'] },
    ],
  },
  {
    title: 'alicloud_kms_ciphertext and its data sources', shape, steps: [
      created(),
      { call: 'Encrypt', with: { ...key, Plaintext: 'example', EncryptionContext: '{"stringkey":"string"}' }, keep: { blob: 'CiphertextBlob' }, is: { KeyId: '$key' } },
      { call: 'Decrypt', with: { CiphertextBlob: '$blob', EncryptionContext: '{"stringkey":"string"}' }, is: { Plaintext: 'example', KeyId: '$key' } },
      { call: 'Decrypt', title: 'another context', with: { CiphertextBlob: '$blob', EncryptionContext: '{}' }, refused: [400, 'InvalidParameter'] },
      { call: 'Encrypt', title: 'no context', with: { ...key, Plaintext: 'example', EncryptionContext: '{}' }, keep: { plain: 'CiphertextBlob' } },
      ...['{}', 'null', ''].map((EncryptionContext) => ({
        call: 'Decrypt', title: `context ${JSON.stringify(EncryptionContext)}`, with: { CiphertextBlob: '$plain', EncryptionContext }, is: { Plaintext: 'example' },
      })),
    ],
  },
  {
    title: 'data sources alicloud_kms_keys, _aliases, _key_versions', shape, steps: [
      { ...created(), title: 'more than a page', times: 55 },
      { call: 'ListKeys', pages: { rows: 'Keys.Key', size: 50, atLeast: 55, id: 'KeyId' }, holds: '$key' },
      { call: 'DescribeKey', with: key, is: { 'KeyMetadata.KeyId': '$key' }, like: { 'KeyMetadata.Arn': /^acs:kms:[^:]+:\d+:key\/.+$/ } },
      { call: 'ListAliases', pages: { rows: 'Aliases.Alias', size: 50, atLeast: 0, id: 'AliasName' } },
      { call: 'ListKeyVersions', with: key, pages: { rows: 'KeyVersions.KeyVersion', size: 50, atLeast: 1, id: 'KeyVersionId' } },
    ],
  },
];

const unsupported = [400, 'UnsupportedOperation'];
const noSecret = [404, 'Forbidden.ResourceNotFound'];
const named = { SecretName: 'tf' };

/** Not replayed while secrets are not served: nothing makes one, so that what names one finds none. The suite checks the answers. */
export const notServed = {
  CreateSecret: [{ ...named, SecretData: 'x', VersionId: 'v1' }, ...unsupported],
  ListSecrets: [{ FetchTags: true }, ...unsupported],
  OpenKmsService: [{}, ...unsupported],
  PutSecretValue: [{ ...named, SecretData: 'x', VersionId: 'v2' }, ...noSecret],
  GetSecretValue: [named, ...noSecret],
  DescribeSecret: [named, ...noSecret],
  UpdateSecret: [{ ...named, Description: 'x' }, ...noSecret],
  UpdateSecretRotationPolicy: [{ ...named, EnableAutomaticRotation: false }, ...noSecret],
  SetSecretPolicy: [{ ...named, Policy: '{}' }, ...noSecret],
  DeleteSecret: [named, ...noSecret],
  ListSecretVersionIds: [named, ...noSecret],
};
