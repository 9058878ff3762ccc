// Every quota of an account, with the official clients: the last one that fits is made, one more is refused. The cases that
// the tables of documented errors refer to as "limits".
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { refuses } from '../assertions.mjs';
import { kmsClients, ramClients } from '../clients.mjs';
import { leftFor } from '../errors/elsewhere.mjs';
import { fresh, target, versions } from '../target.mjs';

const kms = kmsClients['kms20160120 (1.0)'](target.root, versions.kms);
const ram = ramClients['ram20150501 (ACS3)'](target.root);
const PolicyDocument = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:ListKeys","Resource":"acs:kms:*:*:key"}]}';
const AssumeRolePolicyDocument = JSON.stringify({
  Version: '1', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: [`acs:ram::${target.account}:root`] } }],
});
const reached = new Set();

/** `fits` calls pass, the next is refused with the code; what the calls that passed answered. */
async function limit(client, action, fits, status, code, parameters) {
  const answers = [];
  for (let made = 0; made < fits; made++) {
    answers.push(await client.call(action, parameters(made)));
  }

  await refuses(() => client.call(action, parameters(fits)), status, code);
  reached.add(`${action} ${code}`);
  return answers;
}

describe('quotas of KMS', () => {
  let keys;

  test('keys of a region', async () => {
    const made = await limit(kms, 'CreateKey', 4, 400, 'Rejected.LimitExceeded', () => ({}));
    keys = made.map((answer) => answer.KeyMetadata.KeyId);
  });

  test('aliases of a region', () =>
    limit(kms, 'CreateAlias', 2, 400, 'Rejected.LimitExceeded', () => ({ KeyId: keys[0], AliasName: `alias/${fresh('limit')}` })));

  test('tags of a key', () =>
    limit(kms, 'TagResource', 2, 400, 'Rejected.LimitExceeded', (n) => ({ KeyId: keys[0], Tags: `[{"TagKey":"t${n}","TagValue":"1"}]` })));

  test('another value for a tag at the limit', async () => {
    await kms.call('TagResource', { KeyId: keys[0], Tags: '[{"TagKey":"t1","TagValue":"2"}]' });
  });
});

describe('quotas of RAM', () => {
  let users;
  let groups;
  let roles;
  let policies;

  test('users of an account', async () => {
    const made = await limit(ram, 'CreateUser', 4, 409, 'LimitExceeded.User', () => ({ UserName: fresh('user') }));
    users = made.map((answer) => answer.User.UserName);
  });

  test('groups of an account', async () => {
    const made = await limit(ram, 'CreateGroup', 3, 409, 'LimitExceeded.Group', () => ({ GroupName: fresh('group') }));
    groups = made.map((answer) => answer.Group.GroupName);
  });

  test('roles of an account', async () => {
    const made = await limit(ram, 'CreateRole', 2, 409, 'LimitExceeded.Role', () => ({ RoleName: fresh('role'), AssumeRolePolicyDocument }));
    roles = made.map((answer) => answer.Role.RoleName);
  });

  test('policies of an account', async () => {
    const made = await limit(ram, 'CreatePolicy', 4, 409, 'LimitExceeded.Policy', () => ({ PolicyName: fresh('policy'), PolicyDocument }));
    policies = made.map((answer) => answer.Policy.PolicyName);
  });

  test('access keys of a user', () => limit(ram, 'CreateAccessKey', 1, 409, 'LimitExceeded.User.AccessKey', () => ({ UserName: users[0] })));

  test('groups of a user', () => limit(ram, 'AddUserToGroup', 1, 409, 'LimitExceeded.User.Group', (n) => ({ UserName: users[0], GroupName: groups[n] })));

  test('versions of a policy: the first is one of them', () =>
    limit(ram, 'CreatePolicyVersion', 1, 409, 'LimitExceeded.Policy.Version', () => ({ PolicyName: policies[0], PolicyDocument })));

  for (const [holder, name] of [['User', () => users[0]], ['Group', () => groups[0]], ['Role', () => roles[0]]]) {
    for (const [kind, policy] of [['Custom', (n) => policies[n]], ['System', (n) => ['AliyunKMSReadOnlyAccess', 'AdministratorAccess'][n]]]) {
      test(`${kind} policies of a ${holder}`, () => limit(
        ram, `AttachPolicyTo${holder}`, 1, 409, `LimitExceeded.${holder}.Policy`,
        (n) => ({ [`${holder}Name`]: name(), PolicyName: policy(n), PolicyType: kind })));
    }
  }
});

test('every error that another suite leaves to this one was provoked', () => {
  assert.deepEqual(leftFor('limits').filter((error) => !reached.has(error)), []);
});
