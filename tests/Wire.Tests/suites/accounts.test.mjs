// Two accounts with the official clients: roles of one assumed by users of the other, and what an account counts and remembers.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { refuses } from '../assertions.mjs';
import { kmsClients, ramClients, stsClients } from '../clients.mjs';
import { credentialsOf } from '../session.mjs';
import { fresh, target, versions } from '../target.mjs';

const utcSeconds = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const other = {
  account: process.env.KMSGATEWAY_OTHER_ACCOUNT,
  root: { accessKeyId: process.env.KMSGATEWAY_OTHER_ID, accessKeySecret: process.env.KMSGATEWAY_OTHER_SECRET },
};
const ram = ramClients['ram20150501 (ACS3)'](target.root);
const ramOfOther = ramClients['ram20150501 (ACS3)'](other.root);
const document = (...Statement) => JSON.stringify({ Version: '1', Statement });
const trust = (Principal, Condition = {}) => document({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal, Condition });

/** A user of this account with a policy; credentials. */
async function newUser(statement) {
  const [UserName, PolicyName] = [fresh('user'), fresh('policy')];
  await ram.call('CreateUser', { UserName });
  if (statement !== undefined) {
    await ram.call('CreatePolicy', { PolicyName, PolicyDocument: document(statement) });
    await ram.call('AttachPolicyToUser', { UserName, PolicyName, PolicyType: 'Custom' });
  }

  const { AccessKey } = await ram.call('CreateAccessKey', { UserName });
  return { UserName, accessKeyId: AccessKey.AccessKeyId, accessKeySecret: AccessKey.AccessKeySecret };
}

/** A role of the other account that may use its keys. */
async function newRoleThere(AssumeRolePolicyDocument) {
  const { Role } = await ramOfOther.call('CreateRole', { RoleName: fresh('partner'), AssumeRolePolicyDocument });
  await ramOfOther.call('AttachPolicyToRole', { RoleName: Role.RoleName, PolicyName: 'AliyunKMSFullAccess', PolicyType: 'System' });
  return Role;
}

const key = ({ accessKeyId, accessKeySecret }) => ({ accessKeyId, accessKeySecret });
const everySts = { ...stsClients, 'pop-core POST (1.0)': kmsClients['pop-core POST (1.0)'], 'openapi-client (ACS3)': kmsClients['openapi-client (ACS3)'] };

describe('a role of another account', () => {
  for (const [name, client] of Object.entries(everySts)) {
    const assume = async (who, role, more = {}) =>
      credentialsOf(await client(key(who), versions.sts).call('AssumeRole', { RoleArn: role.Arn, RoleSessionName: 'visit', ...more }));

    test(`works there, and only there (${name})`, async () => {
      const role = await newRoleThere(trust({ RAM: [`acs:ram::${target.account}:root`] }));
      const visitor = await newUser({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: role.Arn });
      const session = await assume(visitor, role);
      const identity = await client(session, versions.sts).call('GetCallerIdentity', {});
      assert.deepEqual([identity.AccountId, identity.Arn], [other.account, `acs:ram::${other.account}:assumed-role/${role.RoleName}/visit`]);
      const kms = kmsClients['openapi-client (ACS3)'](session, versions.kms);
      const { KeyMetadata } = await kms.call('CreateKey', {});
      assert.equal(KeyMetadata.Creator, other.account);
      const { CiphertextBlob } = await kms.call('Encrypt', { KeyId: KeyMetadata.KeyId, Plaintext: 'x' });
      assert.equal((await kmsClients['pop-core POST (1.0)'](other.root, versions.kms).call('Decrypt', { CiphertextBlob })).Plaintext, 'x');
      const here = kmsClients['pop-core POST (1.0)'](target.root, versions.kms);
      await refuses(() => here.call('Decrypt', { CiphertextBlob }), 400, 'InvalidParameter');
      const ours = (await here.call('CreateKey', {})).KeyMetadata.KeyId;
      await refuses(() => kms.call('DescribeKey', { KeyId: ours }), 404, 'Forbidden.KeyNotFound');
      await ramOfOther.call('UpdateRole', { RoleName: role.RoleName, NewAssumeRolePolicyDocument: trust({ Service: ['ecs.aliyuncs.com'] }) });
      await refuses(() => kms.call('ListKeys', {}), 400, 'InvalidSecurityToken.Expired');
    });

    test(`is refused to who is not trusted, or not allowed (${name})`, async () => {
      const role = await newRoleThere(trust({ RAM: [`acs:ram::${target.account}:root`] }));
      const notAllowed = await newUser();
      await refuses(() => assume(notAllowed, role), 403, 'NoPermission');
      const elsewhere = await newUser({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: `acs:ram::${target.account}:role/*` });
      await refuses(() => assume(elsewhere, role), 403, 'NoPermission');
      const allowed = await newUser({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' });
      await assume(allowed, role);
      const closed = await newRoleThere(trust({ RAM: [`acs:ram::${other.account}:root`] }));
      await refuses(() => assume(allowed, closed), 403, 'NoPermission');
      const forOne = await newRoleThere(trust({ RAM: [`acs:ram::${target.account}:user/${notAllowed.UserName}`] }));
      await refuses(() => assume(allowed, forOne), 403, 'NoPermission');
    });

    test(`sees the ExternalId of a partner (${name})`, async () => {
      const role = await newRoleThere(trust({ RAM: [`acs:ram::${target.account}:root`] }, { StringEquals: { 'sts:ExternalId': 'partner-7' } }));
      const visitor = await newUser({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' });
      await refuses(() => assume(visitor, role), 403, 'NoPermission');
      await refuses(() => assume(visitor, role, { ExternalId: 'partner-8' }), 403, 'NoPermission');
      await assume(visitor, role, { ExternalId: 'partner-7' });
    });
  }
});

describe('what an account counts and remembers', () => {
  const summary = async (client) => (await client.call('GetAccountSummary', {})).SummaryMap;
  let before0;

  before(async () => {
    before0 = await summary(ramClients['pop-core POST (1.0)'](target.root, versions.ram));
  });

  for (const [name, create] of Object.entries(ramClients).filter(([each]) => each.startsWith('pop-core'))) {
    test(`GetAccountSummary counts this account and no other (${name})`, async () => {
      const [client, there] = [create(target.root, versions.ram), create(other.root, versions.ram)];
      const [mine, theirs] = [await summary(client), await summary(there)];
      await client.call('CreateUser', { UserName: fresh('counted') });
      await client.call('CreateGroup', { GroupName: fresh('counted') });
      const after = await summary(client);
      assert.deepEqual([after.Users - mine.Users, after.Groups - mine.Groups, after.Roles - mine.Roles], [1, 1, 0]);
      assert.deepEqual(await summary(there), theirs);
      assert.deepEqual([after.UsersQuota, after.AccessKeysPerUserQuota, after.VersionsPerPolicyQuota], [1000, 2, 5]);
      assert.deepEqual(Object.keys(after).sort(), Object.keys(before0).sort());
      await refuses(async () => summary(create(key(await newUser()), versions.ram)), 403, 'NoPermission');
    });
  }

  for (const [name, create] of Object.entries(ramClients)) {
    test(`GetAccessKeyLastUsed tells the last use of a key (${name})`, async () => {
      const client = create(target.root, versions.ram);
      const user = await newUser({ Effect: 'Allow', Action: 'kms:ListKeys', Resource: '*' });
      const asked = { UserName: user.UserName, UserAccessKeyId: user.accessKeyId };
      assert.equal((await client.call('GetAccessKeyLastUsed', asked)).AccessKeyLastUsed?.LastUsedDate, undefined);
      await kmsClients['pop-core POST (1.0)'](key(user), versions.kms).call('ListKeys', {});
      const { LastUsedDate, ServiceName } = (await client.call('GetAccessKeyLastUsed', asked)).AccessKeyLastUsed;
      assert.match(LastUsedDate, utcSeconds);
      assert.ok(Math.abs(Date.now() - Date.parse(LastUsedDate)) < 60_000);
      // Why: the typed client has no member for it
      assert.equal(ServiceName, name.startsWith('pop-core') ? 'Kms' : undefined);
      await refuses(() => client.call('GetAccessKeyLastUsed', { ...asked, UserAccessKeyId: 'LTAI5tNobodyIssuedThisKey' }), 404, 'EntityNotExist.User.AccessKey');
      await refuses(() => client.call('GetAccessKeyLastUsed', { ...asked, UserName: 'nobody' }), 404, 'EntityNotExist.User');
    });
  }
});
