// Every RAM action that is served now, with every official client that has it: a happy path and at least one refusal.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { refuses } from '../assertions.mjs';
import { kmsClients, ramClients } from '../clients.mjs';
import { fresh, target, versions } from '../target.mjs';

const allowNothing = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:ListKeys","Resource":"acs:kms:*:*:key"}]}';
const utcSeconds = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const noUser = { status: 404, code: 'EntityNotExist.User' };
const noPolicy = { status: 404, code: 'EntityNotExist.Policy' };
const noKey = { status: 404, code: 'EntityNotExist.User.AccessKey' };

async function newUser(ram) {
  const name = fresh('user');
  await ram.call('CreateUser', { UserName: name });
  return name;
}

async function newPolicy(ram) {
  const name = fresh('policy');
  await ram.call('CreatePolicy', { PolicyName: name, PolicyDocument: allowNothing });
  return name;
}

async function attached(ram) {
  const [UserName, PolicyName] = [await newUser(ram), await newPolicy(ram)];
  await ram.call('AttachPolicyToUser', { UserName, PolicyName, PolicyType: 'Custom' });
  return { UserName, PolicyName, PolicyType: 'Custom' };
}

async function everyPage(ram, action, wrapper, member, parameters) {
  const rows = [];
  let more = {};
  do {
    const answer = await ram.call(action, { ...parameters, ...more });
    assert.equal(typeof answer.IsTruncated, 'boolean');
    rows.push(...answer[wrapper][member]);
    more = answer.IsTruncated ? { Marker: answer.Marker } : null;
  } while (more !== null);
  return rows;
}

const policiesOf = async (ram, UserName) => (await ram.call('ListPoliciesForUser', { UserName })).Policies.Policy;
const keysOf = async (ram, UserName) => (await ram.call('ListAccessKeys', { UserName })).AccessKeys.AccessKey;

const actions = {
  CreateUser: {
    async happy(ram) {
      const name = fresh('user');
      const { User } = await ram.call('CreateUser', {
        UserName: name, DisplayName: 'Alice 爱丽丝', Email: 'alice@example.com', MobilePhone: '86-18600008888', Comments: 'made by a test',
      });
      assert.deepEqual(
        { ...User, UserId: undefined, CreateDate: undefined },
        {
          UserName: name, DisplayName: 'Alice 爱丽丝', Email: 'alice@example.com', MobilePhone: '86-18600008888', Comments: 'made by a test',
          UserId: undefined, CreateDate: undefined,
        });
      assert.match(User.UserId, /^\d{15,18}$/);
      assert.match(User.CreateDate, utcSeconds);
    },
    refused: {
      'a name that is taken': [async (ram) => ({ UserName: await newUser(ram) }), { status: 409, code: 'EntityAlreadyExists.User' }],
      'a name that is taken in other letter case': [async (ram) => ({ UserName: (await newUser(ram)).toUpperCase() }), { status: 409, code: 'EntityAlreadyExists.User' }],
      'a name with a blank': [{ UserName: 'two words' }, { status: 400, code: 'InvalidParameter.UserName.InvalidChars' }],
    },
  },
  GetUser: {
    async happy(ram) {
      const name = await newUser(ram);
      const { User } = await ram.call('GetUser', { UserName: name });
      assert.equal(User.UserName, name);
    },
    refused: { 'an unknown user': [{ UserName: 'nobody' }, noUser] },
  },
  ListUsers: {
    async happy(ram) {
      const names = [await newUser(ram), await newUser(ram), await newUser(ram)];
      const listed = (await everyPage(ram, 'ListUsers', 'Users', 'User', { MaxItems: 2 })).map((user) => user.UserName);
      assert.deepEqual(names.filter((name) => !listed.includes(name)), []);
      assert.equal(new Set(listed).size, listed.length, 'no user twice');
    },
    refused: { 'a page of 1001': [{ MaxItems: 1001 }, { status: 400, code: 'InvalidParameter' }] },
  },
  DeleteUser: {
    async happy(ram) {
      const name = await newUser(ram);
      await ram.call('DeleteUser', { UserName: name });
      await refuses(() => ram.call('GetUser', { UserName: name }), 404, 'EntityNotExist.User');
    },
    refused: {
      'an unknown user': [{ UserName: 'nobody' }, noUser],
      'a user with a policy': [async (ram) => ({ UserName: (await attached(ram)).UserName }), { status: 409, code: 'DeleteConflict.User.Policy' }],
      'a user with an AccessKey': [async (ram) => {
        const name = await newUser(ram);
        await ram.call('CreateAccessKey', { UserName: name });
        return { UserName: name };
      }, { status: 409, code: 'DeleteConflict.User.AccessKey' }],
    },
  },
  CreateAccessKey: {
    async happy(ram) {
      const name = await newUser(ram);
      const { AccessKey } = await ram.call('CreateAccessKey', { UserName: name });
      assert.equal(AccessKey.Status, 'Active');
      assert.ok(AccessKey.AccessKeyId.length >= 16 && AccessKey.AccessKeySecret.length >= 24);
      assert.deepEqual((await keysOf(ram, name)).map((key) => [key.AccessKeyId, key.AccessKeySecret]), [[AccessKey.AccessKeyId, undefined]]);
    },
    refused: {
      'an unknown user': [{ UserName: 'nobody' }, noUser],
      'a third key': [async (ram) => {
        const name = await newUser(ram);
        await ram.call('CreateAccessKey', { UserName: name });
        await ram.call('CreateAccessKey', { UserName: name });
        return { UserName: name };
      }, { status: 409, code: 'LimitExceeded.User.AccessKey' }],
    },
  },
  ListAccessKeys: {
    async happy(ram) {
      const name = await newUser(ram);
      assert.deepEqual(await keysOf(ram, name), []);
    },
    refused: { 'an unknown user': [{ UserName: 'nobody' }, noUser] },
  },
  UpdateAccessKey: {
    async happy(ram) {
      const UserName = await newUser(ram);
      const { AccessKey } = await ram.call('CreateAccessKey', { UserName });
      const asUser = kmsClients['pop-core POST (1.0)'](
        { accessKeyId: AccessKey.AccessKeyId, accessKeySecret: AccessKey.AccessKeySecret }, versions.kms);
      await refuses(() => asUser.call('ListKeys', {}), 403, 'Forbidden.NoPermission');
      await ram.call('UpdateAccessKey', { UserName, UserAccessKeyId: AccessKey.AccessKeyId, Status: 'Inactive' });
      assert.deepEqual((await keysOf(ram, UserName)).map((key) => key.Status), ['Inactive']);
      await refuses(() => asUser.call('ListKeys', {}), 400, 'InvalidAccessKeyId.Inactive');
      await ram.call('UpdateAccessKey', { UserName, UserAccessKeyId: AccessKey.AccessKeyId, Status: 'Active' });
      await refuses(() => asUser.call('ListKeys', {}), 403, 'Forbidden.NoPermission');
    },
    refused: {
      'an unknown key': [async (ram) => ({ UserName: await newUser(ram), UserAccessKeyId: 'LTAI5tNobodyIssuedThisKey', Status: 'Active' }), noKey],
    },
  },
  DeleteAccessKey: {
    async happy(ram) {
      const UserName = await newUser(ram);
      const { AccessKey } = await ram.call('CreateAccessKey', { UserName });
      await ram.call('DeleteAccessKey', { UserName, UserAccessKeyId: AccessKey.AccessKeyId });
      assert.deepEqual(await keysOf(ram, UserName), []);
      const asUser = kmsClients['pop-core GET (1.0)'](
        { accessKeyId: AccessKey.AccessKeyId, accessKeySecret: AccessKey.AccessKeySecret }, versions.kms);
      await refuses(() => asUser.call('ListKeys', {}), 404, 'InvalidAccessKeyId.NotFound');
    },
    refused: {
      "another user's key": [async (ram) => {
        const { AccessKey } = await ram.call('CreateAccessKey', { UserName: await newUser(ram) });
        return { UserName: await newUser(ram), UserAccessKeyId: AccessKey.AccessKeyId };
      }, noKey],
    },
  },
  CreatePolicy: {
    async happy(ram) {
      const name = fresh('policy');
      const { Policy } = await ram.call('CreatePolicy', { PolicyName: name, PolicyDocument: allowNothing, Description: 'made by a test' });
      assert.deepEqual(
        [Policy.PolicyName, Policy.PolicyType, Policy.DefaultVersion, Policy.Description], [name, 'Custom', 'v1', 'made by a test']);
    },
    refused: {
      'a name that is taken': [async (ram) => ({ PolicyName: await newPolicy(ram), PolicyDocument: allowNothing }), { status: 409, code: 'EntityAlreadyExists.Policy' }],
      'a document that is not JSON': [{ PolicyName: 'broken', PolicyDocument: '{' }, { status: 400, code: 'MalformedPolicyDocument' }],
    },
  },
  GetPolicy: {
    async happy(ram) {
      const name = await newPolicy(ram);
      const own = await ram.call('GetPolicy', { PolicyName: name, PolicyType: 'Custom' });
      assert.equal(own.Policy.PolicyName, name);
      assert.deepEqual(JSON.parse(own.DefaultPolicyVersion.PolicyDocument), JSON.parse(allowNothing));
      assert.deepEqual([own.DefaultPolicyVersion.VersionId, own.DefaultPolicyVersion.IsDefaultVersion], ['v1', true]);
      const system = await ram.call('GetPolicy', { PolicyName: 'AliyunKMSFullAccess', PolicyType: 'System' });
      assert.equal(system.Policy.PolicyType, 'System');
      assert.equal(JSON.parse(system.DefaultPolicyVersion.PolicyDocument).Version, '1');
    },
    refused: {
      'an unknown policy': [{ PolicyName: 'nothing', PolicyType: 'Custom' }, noPolicy],
      'a type that does not exist': [{ PolicyName: 'nothing', PolicyType: 'Mine' }, { status: 400, code: 'InvalidParameter.PolicyType' }],
    },
  },
  ListPolicies: {
    async happy(ram) {
      const name = await newPolicy(ram);
      const custom = await everyPage(ram, 'ListPolicies', 'Policies', 'Policy', { PolicyType: 'Custom', MaxItems: 3 });
      assert.ok(custom.some((policy) => policy.PolicyName === name));
      assert.ok(custom.every((policy) => policy.PolicyType === 'Custom'));
      const system = await everyPage(ram, 'ListPolicies', 'Policies', 'Policy', { PolicyType: 'System' });
      assert.ok(system.some((policy) => policy.PolicyName === 'AdministratorAccess'));
    },
    refused: { 'a type that does not exist': [{ PolicyType: 'Mine' }, { status: 400, code: 'InvalidParameter.PolicyType' }] },
  },
  DeletePolicy: {
    async happy(ram) {
      const PolicyName = await newPolicy(ram);
      await ram.call('DeletePolicy', { PolicyName });
      await refuses(() => ram.call('GetPolicy', { PolicyName, PolicyType: 'Custom' }), 404, 'EntityNotExist.Policy');
    },
    refused: {
      'a policy in use': [async (ram) => ({ PolicyName: (await attached(ram)).PolicyName }), { status: 409, code: 'DeleteConflict.Policy.User' }],
      'an unknown policy': [{ PolicyName: 'nothing' }, noPolicy],
    },
  },
  AttachPolicyToUser: {
    async happy(ram) {
      const UserName = await newUser(ram);
      await ram.call('AttachPolicyToUser', { UserName, PolicyName: 'AliyunKMSReadOnlyAccess', PolicyType: 'System' });
      const PolicyName = await newPolicy(ram);
      await ram.call('AttachPolicyToUser', { UserName, PolicyName, PolicyType: 'Custom' });
      assert.deepEqual(
        (await policiesOf(ram, UserName)).map((each) => `${each.PolicyType} ${each.PolicyName}`).sort(),
        [`Custom ${PolicyName}`, 'System AliyunKMSReadOnlyAccess']);
      const { Policy } = await ram.call('GetPolicy', { PolicyName, PolicyType: 'Custom' });
      assert.equal(Policy.AttachmentCount, 1);
    },
    refused: {
      'an unknown user': [async (ram) => ({ UserName: 'nobody', PolicyName: await newPolicy(ram), PolicyType: 'Custom' }), noUser],
      'an unknown policy': [async (ram) => ({ UserName: await newUser(ram), PolicyName: 'nothing', PolicyType: 'Custom' }), noPolicy],
      'the same policy again': [attached, { status: 409, code: 'EntityAlreadyExists.User.Policy' }],
    },
  },
  DetachPolicyFromUser: {
    async happy(ram) {
      const what = await attached(ram);
      await ram.call('DetachPolicyFromUser', what);
      assert.deepEqual(await policiesOf(ram, what.UserName), []);
    },
    refused: {
      'a policy that is not attached': [
        async (ram) => ({ UserName: await newUser(ram), PolicyName: await newPolicy(ram), PolicyType: 'Custom' }),
        { status: 404, code: 'EntityNotExist.User.Policy' }],
    },
  },
  ListPoliciesForUser: {
    async happy(ram) {
      const { UserName, PolicyName } = await attached(ram);
      const [policy] = await policiesOf(ram, UserName);
      assert.deepEqual([policy.PolicyName, policy.PolicyType, policy.DefaultVersion], [PolicyName, 'Custom', 'v1']);
      assert.match(policy.AttachDate, utcSeconds);
    },
    refused: { 'an unknown user': [{ UserName: 'nobody' }, noUser] },
  },
};

for (const [name, create] of Object.entries(ramClients)) {
  describe(`RAM by ${name}`, () => {
    const ram = create(target.root, versions.ram);
    for (const [action, { happy, refused }] of Object.entries(actions)) {
      test(`${action}: the client has it`, () => assert.ok(ram.has(versions.ram, action)));
      test(`${action}: does what it says`, () => happy(ram));
      for (const [title, [parameters, expected]] of Object.entries(refused)) {
        test(`${action}: refuses ${title}`, async () => {
          const given = typeof parameters === 'function' ? await parameters(ram) : parameters;
          await refuses(() => ram.call(action, given), expected.status, expected.code);
        });
      }
    }

    test('a RAM user without policies may do nothing', async () => {
      const UserName = await newUser(ram);
      const { AccessKey } = await ram.call('CreateAccessKey', { UserName });
      const asUser = create({ accessKeyId: AccessKey.AccessKeyId, accessKeySecret: AccessKey.AccessKeySecret }, versions.ram);
      const own = { UserName, PolicyName: 'AdministratorAccess', PolicyType: 'System', PolicyDocument: allowNothing, UserAccessKeyId: AccessKey.AccessKeyId, Status: 'Active' };
      for (const action of Object.keys(actions)) {
        const wanted = Object.entries(own).filter(([parameter]) => needs[action].includes(parameter));
        const denied = await refuses(() => asUser.call(action, Object.fromEntries(wanted)), 403, 'NoPermission');
        assert.match(denied.text, /not authorized/);
      }

      assert.deepEqual(await policiesOf(ram, UserName), []);
    });
  });
}

const needs = {
  CreateUser: ['UserName'],
  GetUser: ['UserName'],
  ListUsers: [],
  DeleteUser: ['UserName'],
  CreateAccessKey: ['UserName'],
  ListAccessKeys: ['UserName'],
  UpdateAccessKey: ['UserName', 'UserAccessKeyId', 'Status'],
  DeleteAccessKey: ['UserName', 'UserAccessKeyId'],
  CreatePolicy: ['PolicyName', 'PolicyDocument'],
  GetPolicy: ['PolicyName', 'PolicyType'],
  ListPolicies: [],
  DeletePolicy: ['PolicyName'],
  AttachPolicyToUser: ['UserName', 'PolicyName', 'PolicyType'],
  DetachPolicyFromUser: ['UserName', 'PolicyName', 'PolicyType'],
  ListPoliciesForUser: ['UserName'],
};
