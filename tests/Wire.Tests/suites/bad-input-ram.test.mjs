// Bad input to RAM: the vendor's code and status, the parameter named, nothing left behind.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { isRefusal, isSuccess } from '../assertions.mjs';
import { ram } from '../raw.mjs';

const document = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"*"}]}';
const user = 'fixture-user';
const policy = 'fixture-policy';

before(async () => {
  isSuccess(await ram('CreateUser', { UserName: user }));
  isSuccess(await ram('CreatePolicy', { PolicyName: policy, PolicyDocument: document }));
});

async function state() {
  const [users, policies, keys, attached] = await Promise.all([
    ram('ListUsers', { MaxItems: 1000 }), ram('ListPolicies', { PolicyType: 'Custom', MaxItems: 1000 }),
    ram('ListAccessKeys', { UserName: user }), ram('ListPoliciesForUser', { UserName: user }),
  ]);
  return {
    users: isSuccess(users).Users, policies: isSuccess(policies).Policies, keys: isSuccess(keys).AccessKeys, attached: isSuccess(attached).Policies,
  };
}

function refused(title, action, parameters, status, code, mentions = []) {
  test(title, async () => {
    const beforehand = await state();
    isRefusal(await ram(action, parameters, { place: 'form' }), status, code, mentions);
    assert.deepEqual(await state(), beforehand, 'no state was left behind');
  });
}

describe('missing', () => {
  for (const [action, parameters, name] of [
    ['CreateUser', {}, 'UserName'],
    ['GetUser', { UserName: '' }, 'UserName'],
    ['DeleteUser', {}, 'UserName'],
    ['UpdateAccessKey', { UserName: user, Status: 'Active' }, 'UserAccessKeyId'],
    ['UpdateAccessKey', { UserName: user, UserAccessKeyId: 'LTAI5tNobodyIssuedThisKey' }, 'Status'],
    ['DeleteAccessKey', { UserName: user }, 'UserAccessKeyId'],
    ['CreatePolicy', { PolicyName: 'new' }, 'PolicyDocument'],
    ['CreatePolicy', { PolicyDocument: document }, 'PolicyName'],
    ['GetPolicy', { PolicyName: policy }, 'PolicyType'],
    ['DeletePolicy', {}, 'PolicyName'],
    ['AttachPolicyToUser', { UserName: user, PolicyName: policy }, 'PolicyType'],
    ['AttachPolicyToUser', { PolicyType: 'Custom', PolicyName: policy }, 'UserName'],
    ['DetachPolicyFromUser', { UserName: user, PolicyType: 'Custom' }, 'PolicyName'],
    ['ListPoliciesForUser', {}, 'UserName'],
  ]) {
    refused(`${action} without ${name}`, action, parameters, 400, `Missing${name}`, name);
  }
});

describe('names', () => {
  const chars = (title, action, parameters, name) => refused(title, action, parameters, 400, `InvalidParameter.${name}.InvalidChars`, name);
  const length = (title, action, parameters, name) => refused(title, action, parameters, 400, `InvalidParameter.${name}.Length`, name);
  chars('a user with a blank', 'CreateUser', { UserName: 'two words' }, 'UserName');
  chars('a user with a wildcard', 'CreateUser', { UserName: 'a*' }, 'UserName');
  chars('a user with a slash', 'CreateUser', { UserName: 'a/b' }, 'UserName');
  chars('a user in letters that are not ASCII', 'CreateUser', { UserName: 'алиса' }, 'UserName');
  length('a user of 65 characters', 'CreateUser', { UserName: 'u'.repeat(65) }, 'UserName');
  length('a display name of 129 characters', 'CreateUser', { UserName: 'new', DisplayName: 'd'.repeat(129) }, 'DisplayName');
  length('comments of 129 characters', 'CreateUser', { UserName: 'new', Comments: 'c'.repeat(129) }, 'Comments');
  refused('an e-mail address that is none', 'CreateUser', { UserName: 'new', Email: 'nobody' }, 400, 'InvalidParameter.Email.Format', 'Email');
  refused('a mobile phone that is none', 'CreateUser', { UserName: 'new', MobilePhone: 'ring me' }, 400, 'InvalidParameter.MobilePhone.Format', 'MobilePhone');
  chars('a policy with an underscore', 'CreatePolicy', { PolicyName: 'a_b', PolicyDocument: document }, 'PolicyName');
  length('a policy of 129 characters', 'CreatePolicy', { PolicyName: 'p'.repeat(129), PolicyDocument: document }, 'PolicyName');
  length('a description of 1025 characters', 'CreatePolicy', { PolicyName: 'new', PolicyDocument: document, Description: 'd'.repeat(1025) }, 'Description');
  refused('a policy type that is none', 'AttachPolicyToUser', { UserName: user, PolicyName: policy, PolicyType: 'custom' }, 400, 'InvalidParameter.PolicyType', 'PolicyType');
  refused('a status that is none', 'UpdateAccessKey', { UserName: user, UserAccessKeyId: 'LTAI5tNobodyIssuedThisKey', Status: 'Sleeping' }, 400, 'InvalidParameter.Status', 'Status');
  for (const value of ['0', '1001', 'many', '-1', '1.5']) {
    refused(`MaxItems ${value}`, 'ListUsers', { MaxItems: value }, 400, 'InvalidParameter', 'MaxItems');
  }

  refused('a marker that nobody gave out', 'ListUsers', { Marker: 'made-up' }, 400, 'InvalidParameter', 'Marker');

  test('the longest names that are allowed', async () => {
    isSuccess(await ram('CreateUser', { UserName: 'u'.repeat(64), DisplayName: 'd'.repeat(128), Comments: 'c'.repeat(128) }));
    isSuccess(await ram('DeleteUser', { UserName: 'u'.repeat(64) }));
    isSuccess(await ram('CreatePolicy', { PolicyName: 'p'.repeat(128), PolicyDocument: document, Description: 'd'.repeat(1024) }));
    isSuccess(await ram('DeletePolicy', { PolicyName: 'p'.repeat(128) }));
  });
});

describe('policy documents', () => {
  const statement = '{"Effect":"Allow","Action":"kms:*","Resource":"*"}';
  const ofLength = (length) => {
    const text = (padding) => `{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:${'x'.repeat(padding)}","Resource":"*"}]}`;
    return text(length - text(0).length);
  };
  for (const [title, text] of [
    ['no JSON', 'allow everything'],
    ['JSON that ends early', '{"Version":"1","Statement":['],
    ['an array', '[]'],
    ['no version', `{"Statement":[${statement}]}`],
    ['another version', `{"Version":"2012-10-17","Statement":[${statement}]}`],
    ['no statement', '{"Version":"1"}'],
    ['an unknown member', `{"Version":"1","Id":"x","Statement":[${statement}]}`],
    ['an effect in another letter case', '{"Version":"1","Statement":[{"Effect":"allow","Action":"kms:*","Resource":"*"}]}'],
    ['an effect twice', '{"Version":"1","Statement":[{"Effect":"Deny","Effect":"Allow","Action":"kms:*","Resource":"*"}]}'],
    ['no action', '{"Version":"1","Statement":[{"Effect":"Allow","Resource":"*"}]}'],
    ['no resource', '{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:*"}]}'],
    ['an operator that does not exist', '{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"*","Condition":{"StringIs":{"a":"b"}}}]}'],
    ['a comment', `{"Version":"1",/* all */"Statement":[${statement}]}`],
  ]) {
    refused(title, 'CreatePolicy', { PolicyName: 'new', PolicyDocument: text }, 400, 'MalformedPolicyDocument');
  }

  refused('a document of 6145 characters', 'CreatePolicy', { PolicyName: 'new', PolicyDocument: ofLength(6145) }, 400, 'InvalidParameter.PolicyDocument.Length', 'PolicyDocument');
  test('a document of 6144 characters', async () => {
    isSuccess(await ram('CreatePolicy', { PolicyName: 'long', PolicyDocument: ofLength(6144) }, { place: 'form' }));
    isSuccess(await ram('DeletePolicy', { PolicyName: 'long' }));
  });
});

describe('what is asked', () => {
  refused('an unknown action', 'CreateEverything', {}, 404, 'InvalidAction.NotFound');
  test('a parameter twice', async () => {
    const beforehand = await state();
    isRefusal(await ram('CreateUser', [['UserName', 'a'], ['UserName', 'b']]), 400, 'InvalidParameter', 'UserName');
    assert.deepEqual(await state(), beforehand, 'no state was left behind');
  });
});
