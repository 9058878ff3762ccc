// The story of the README with every official client over HTTPS: a RAM user works under a policy and is then revoked.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { refuses } from '../assertions.mjs';
import { kmsClients, ramClients } from '../clients.mjs';
import { fresh, target, versions } from '../target.mjs';

const tagPolicy = (project) => JSON.stringify({
  Version: '1',
  Statement: [{
    Effect: 'Allow',
    Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
    Resource: '*',
    Condition: { StringEquals: { 'kms:tag/Project': project } },
  }],
});

const ram = ramClients['ram20150501 (ACS3)'](target.root);

async function tellStory(asRoot, asUser) {
  const project = fresh('Apollo');
  const { KeyMetadata: tagged } = await asRoot.call('CreateKey', { Description: project });
  const { KeyMetadata: other } = await asRoot.call('CreateKey', { Description: `not ${project}` });
  const alias = `alias/${project}`;
  await asRoot.call('CreateAlias', { KeyId: tagged.KeyId, AliasName: alias });
  await asRoot.call('TagResource', { KeyId: tagged.KeyId, Tags: JSON.stringify([{ TagKey: 'Project', TagValue: project }]) });

  const userName = fresh('alice');
  const policyName = fresh('TaggedKeys');
  await ram.call('CreateUser', { UserName: userName });
  await ram.call('CreatePolicy', { PolicyName: policyName, PolicyDocument: tagPolicy(project) });
  await ram.call('AttachPolicyToUser', { PolicyName: policyName, PolicyType: 'Custom', UserName: userName });
  const { AccessKey: key } = await ram.call('CreateAccessKey', { UserName: userName });
  const user = asUser({ accessKeyId: key.AccessKeyId, accessKeySecret: key.AccessKeySecret });

  const plaintext = Buffer.from(`secret of ${project}`).toString('base64');
  const context = JSON.stringify({ tenant: project });
  const byId = await user.call('Encrypt', { KeyId: tagged.KeyId, Plaintext: plaintext, EncryptionContext: context });
  const byAlias = await user.call('Encrypt', { KeyId: alias, Plaintext: plaintext });
  assert.equal(byId.KeyId, tagged.KeyId);
  assert.equal(byAlias.KeyId, tagged.KeyId, 'an alias is answered by the id of its key');
  assert.ok(!isDeepStrictEqual(byId.CiphertextBlob, byAlias.CiphertextBlob));

  const opened = await user.call('Decrypt', { CiphertextBlob: byId.CiphertextBlob, EncryptionContext: context });
  assert.deepEqual(
    { KeyId: opened.KeyId, KeyVersionId: opened.KeyVersionId, Plaintext: opened.Plaintext },
    { KeyId: tagged.KeyId, KeyVersionId: byId.KeyVersionId, Plaintext: plaintext });
  await refuses(() => user.call('Decrypt', { CiphertextBlob: byId.CiphertextBlob }), 400, 'InvalidParameter');

  await refuses(() => user.call('Encrypt', { KeyId: other.KeyId, Plaintext: plaintext }), 403, 'Forbidden.NoPermission');
  await refuses(() => user.call('ScheduleKeyDeletion', { KeyId: tagged.KeyId, PendingWindowInDays: 7 }), 403, 'Forbidden.NoPermission');
  const { KeyMetadata: after } = await asRoot.call('DescribeKey', { KeyId: tagged.KeyId });
  assert.equal(after.KeyState, 'Enabled', 'a refused call changes nothing');

  await ram.call('DetachPolicyFromUser', { PolicyName: policyName, PolicyType: 'Custom', UserName: userName });
  await refuses(() => user.call('Encrypt', { KeyId: tagged.KeyId, Plaintext: plaintext }), 403, 'Forbidden.NoPermission');
  await refuses(() => user.call('Decrypt', { CiphertextBlob: byAlias.CiphertextBlob }), 403, 'Forbidden.NoPermission');
}

describe('create, alias, tag, policy, encrypt, decrypt, denied, revoked', () => {
  for (const [name, client] of Object.entries(kmsClients)) {
    test(`by ${name}`, () => tellStory(client(target.root, versions.kms), (credentials) => client(credentials, versions.kms)));
  }
});

test('a user is denied through one client what another client was allowed', async () => {
  const kms = kmsClients['kms20160120 (1.0)'](target.root, versions.kms);
  const { KeyMetadata: key } = await kms.call('CreateKey', {});
  const userName = fresh('bob');
  await ram.call('CreateUser', { UserName: userName });
  const { AccessKey: pair } = await ram.call('CreateAccessKey', { UserName: userName });
  const credentials = { accessKeyId: pair.AccessKeyId, accessKeySecret: pair.AccessKeySecret };
  for (const [name, client] of Object.entries(kmsClients)) {
    const denied = await refuses(() => client(credentials, versions.kms).call('DescribeKey', { KeyId: key.KeyId }), 403, 'Forbidden.NoPermission');
    assert.match(denied.text, /forbidden by permission system/, name);
  }

  await ram.call('UpdateAccessKey', { UserName: userName, UserAccessKeyId: pair.AccessKeyId, Status: 'Inactive' });
  await refuses(
    () => kmsClients['openapi-client (ACS3)'](credentials, versions.kms).call('DescribeKey', { KeyId: key.KeyId }), 400, 'InvalidAccessKeyId.Inactive');
});

test('system policies let a user do what they say and no more', async () => {
  const userName = fresh('carol');
  await ram.call('CreateUser', { UserName: userName });
  await ram.call('AttachPolicyToUser', { PolicyName: 'AliyunKMSReadOnlyAccess', PolicyType: 'System', UserName: userName });
  const { AccessKey: pair } = await ram.call('CreateAccessKey', { UserName: userName });
  const user = kmsClients['kms20160120 (1.0)']({ accessKeyId: pair.AccessKeyId, accessKeySecret: pair.AccessKeySecret }, versions.kms);
  const list = await user.call('ListKeys', {});
  assert.ok(list.TotalCount >= 0);
  await refuses(() => user.call('CreateKey', {}), 403, 'Forbidden.NoPermission');
});
