// The endpoints below /policy/ with the vendor's own client: questions about policies, and the calls they are about.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { refuses } from '../assertions.mjs';
import { kmsClients, policyClient, ramClients } from '../clients.mjs';
import { fresh, target, versions } from '../target.mjs';

const kmsOf = (credentials) => kmsClients['openapi-client (ACS3)'](credentials, versions.kms);
const ramOf = (credentials) => ramClients['ram20150501 (ACS3)'](credentials, versions.ram);
const statement = { Effect: 'Allow', Action: ['kms:Encrypt', 'kms:UpdateAlias'], Resource: '*', Condition: { StringEquals: { 'kms:tag/Project': 'Apollo' } } };
const document = { Version: '1', Statement: [statement] };
const full = { Version: '1', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

const root = policyClient(target.root);
const rootKms = kmsOf(target.root);
const rootRam = ramOf(target.root);
let alice;
let apollo;
let plain;
let alias;

before(async () => {
  const name = fresh('alice');
  await rootRam.call('CreateUser', { UserName: name });
  const { AccessKey } = await rootRam.call('CreateAccessKey', { UserName: name });
  const policy = fresh('policy');
  await rootRam.call('CreatePolicy', { PolicyName: policy, PolicyDocument: JSON.stringify(document) });
  await rootRam.call('AttachPolicyToUser', { PolicyName: policy, PolicyType: 'Custom', UserName: name });
  const credentials = { accessKeyId: AccessKey.AccessKeyId, accessKeySecret: AccessKey.AccessKeySecret };
  alice = { arn: `acs:ram::${target.account}:user/${name}`, policy, kms: kmsOf(credentials), policies: policyClient(credentials) };
  apollo = (await rootKms.call('CreateKey', { Tags: JSON.stringify([{ TagKey: 'Project', TagValue: 'Apollo' }]) })).KeyMetadata.KeyId;
  plain = (await rootKms.call('CreateKey', {})).KeyMetadata.KeyId;
  alias = `alias/${fresh('payroll')}`;
  await rootKms.call('CreateAlias', { AliasName: alias, KeyId: apollo });
});

describe('simulate', () => {
  test('says what the call then meets', async () => {
    for (const [key, decision] of [[apollo, 'Allow'], [alias, 'Allow'], [plain, 'ImplicitDeny']]) {
      const answer = await root.call('SimulatePolicy', '/policy/simulate', { principal: alice.arn, calls: [{ action: 'kms:Encrypt', resources: [key] }] });
      assert.equal(answer.decision, decision, JSON.stringify(answer));
      if (decision === 'Allow') {
        assert.ok((await alice.kms.call('Encrypt', { KeyId: key, Plaintext: 'x' })).CiphertextBlob);
      } else {
        const refusal = await refuses(() => alice.kms.call('Encrypt', { KeyId: key, Plaintext: 'x' }), 403, 'Forbidden.NoPermission');
        assert.equal((refusal.data.AccessDeniedDetail ?? refusal.data.accessDeniedDetail).PolicyType, answer.results[0].policyType);
        assert.match(answer.text, /needs kms:tag\/Project = Apollo; the key has no such tag/);
      }
    }
  });

  test('asks UpdateAlias for its three permissions', async () => {
    const answer = await root.call('SimulatePolicy', '/policy/simulate', { principal: alice.arn, calls: [{ action: 'kms:UpdateAlias', resources: [alias, plain] }] });
    assert.deepEqual(answer.results.map(({ resource }) => resource.split(':').at(-1)), [`key/${apollo}`, `key/${plain}`, alias]);
  });

  test('is there for oneself, and refused about others', async () => {
    const own = await alice.policies.call('SimulatePolicy', '/policy/simulate', { principal: alice.arn, calls: [{ action: 'kms:Encrypt', resources: [apollo] }] });
    assert.equal(own.decision, 'Allow');
    await refuses(() => alice.policies.call('SimulatePolicy', '/policy/simulate', { principal: `acs:ram::${target.account}:root`, calls: [{ action: 'kms:ListKeys' }] }), 403, 'NoPermission');
  });

  test('refuses what cannot be asked', async () => {
    const refusal = await refuses(() => root.call('SimulatePolicy', '/policy/simulate', { principal: alice.arn, calls: [{ action: 'kms:Encript', resources: [apollo] }] }), 400, 'InvalidParameter');
    assert.match(refusal.message, /kms:Encrypt/);
    await refuses(() => root.call('SimulatePolicy', '/policy/simulate', { policies: [{ document: { Version: '1' } }], calls: [{ action: 'kms:ListKeys' }] }), 400, 'MalformedPolicyDocument');
  });
});

describe('the other questions', () => {
  test('matrix', async () => {
    const answer = await root.call('SimulatePolicyMatrix', '/policy/matrix', {
      principals: { alice: alice.arn }, actions: ['kms:Encrypt', 'kms:Decrypt'], resources: [apollo, plain], expect: [{ action: 'kms:Encrypt', resource: apollo, decision: 'Allow' }, { decision: 'ImplicitDeny' }],
    });
    assert.equal(answer.cells.map(({ cell }) => cell).join(''), 'AIII');
    assert.deepEqual([answer.passed, answer.failed], [4, 0]);
  });

  test('diff', async () => {
    const answer = await root.call('ComparePolicies', '/policy/diff', { before: { policy: alice.policy }, after: { document: full }, keys: [apollo, plain] });
    assert.equal(answer.isSame, false);
    assert.ok(answer.regions.some(({ change, keys }) => change === 'Widened' && keys > 0), JSON.stringify(answer));
  });

  test('who-can', async () => {
    const answer = await root.call('AnalyzeAccess', '/policy/who-can', { action: 'kms:Encrypt', resource: apollo });
    assert.deepEqual(answer.principals.map(({ principal, ability }) => [principal, ability]), [[`acs:ram::${target.account}:root`, 'Always'], [alice.arn, 'Always']]);
    await refuses(() => alice.policies.call('AnalyzeAccess', '/policy/who-can', { action: 'kms:Encrypt', resource: apollo }), 403, 'NoPermission');
  });

  test('validate', async () => {
    const answer = await alice.policies.call('ValidatePolicy', '/policy/validate', { document: full });
    assert.ok(answer.findings.some(({ issueCode, findingType }) => issueCode === 'FullAccess' && findingType === 'SECURITY_WARNING'));
  });

  test('vocabulary and openapi.json', async () => {
    const vocabulary = await alice.policies.call('GetPolicyVocabulary', '/policy/vocabulary');
    assert.ok(vocabulary.actions.some(({ action }) => action === 'kms:GenerateDataKey'));
    assert.equal(vocabulary.operators.length, 21);
    const api = await alice.policies.call('GetPolicyOpenApi', '/policy/openapi.json');
    assert.equal(api.openapi, '3.1.0');
    assert.equal(Object.keys(api.paths).length, 7);
  });

  test('a stranger gets nothing', async () => {
    const stranger = policyClient({ accessKeyId: 'LTAI5tNobodyIssuedThisKey', accessKeySecret: 'no-secret-at-all-for-it' });
    const impostor = policyClient({ ...target.root, accessKeySecret: 'not-the-secret-of-this-key' });
    await refuses(() => stranger.call('GetPolicyVocabulary', '/policy/vocabulary'), 404, 'InvalidAccessKeyId.NotFound');
    await refuses(() => impostor.call('ValidatePolicy', '/policy/validate', { document: full }), 400, 'SignatureDoesNotMatch');
  });
});
