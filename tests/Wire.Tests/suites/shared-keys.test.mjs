// A key of one account used from another with the official clients: both sides must allow, and revocation holds at once.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { refuses } from '../assertions.mjs';
import { kmsClients, ramClients } from '../clients.mjs';
import { fresh, target, versions } from '../target.mjs';

const guest = process.env.KMSGATEWAY_GUEST;
const guestRoot = { accessKeyId: process.env.KMSGATEWAY_GUEST_KEY_ID, accessKeySecret: process.env.KMSGATEWAY_GUEST_SECRET };
const ram = ramClients['ram20150501 (ACS3)'](guestRoot);
const owner = kmsClients['pop-core POST (1.0)'](target.root, versions.kms);
const policy = (...statements) => JSON.stringify({ Version: '1', Statement: statements });
const letIn = (principal, Effect = 'Allow', Action = ['kms:*']) =>
  ({ Effect, Action, Resource: ['*'], Principal: { RAM: [`acs:ram::${guest}:${principal}`] } });
/** The published client of the first version knows no ReEncrypt and no key policies. */
const knowsAll = (name) => !name.startsWith('kms20160120');
const denied = (call) => refuses(call, 403, 'Forbidden.NoPermission');

async function newUser(statement) {
  const [UserName, PolicyName] = [fresh('user'), fresh('policy')];
  await ram.call('CreateUser', { UserName });
  await ram.call('CreatePolicy', { PolicyName, PolicyDocument: policy(statement) });
  await ram.call('AttachPolicyToUser', { UserName, PolicyName, PolicyType: 'Custom' });
  const { AccessKey } = await ram.call('CreateAccessKey', { UserName });
  return { name: UserName, keys: { accessKeyId: AccessKey.AccessKeyId, accessKeySecret: AccessKey.AccessKeySecret } };
}

let user;
let idle;

before(async () => {
  user = await newUser({ Effect: 'Allow', Action: 'kms:*', Resource: '*' });
  idle = await newUser({ Effect: 'Allow', Action: 'kms:ListKeys', Resource: '*' });
});

after(() => rmSync(process.env.KMSGATEWAY_GUEST_SEED, { recursive: true, force: true }));

for (const [name, client] of Object.entries(kmsClients)) {
  describe(`a key of another account (${name})`, () => {
    const as = (keys) => client(keys, versions.kms);
    const newKey = async (...statements) =>
      (await owner.call('CreateKey', statements.length === 0 ? {} : { Policy: policy(...statements) })).KeyMetadata;
    const set = (KeyId, ...statements) => owner.call('SetKeyPolicy', { KeyId, Policy: policy(...statements) });

    test('is used by its ARN and by its ciphertexts', async () => {
      const key = await newKey(letIn(`user/${user.name}`));
      const kms = as(user.keys);
      const { CiphertextBlob, KeyId } = await kms.call('Encrypt', { KeyId: key.Arn, Plaintext: 'aGVsbG8=' });
      assert.equal(KeyId, key.KeyId);
      assert.equal((await kms.call('Decrypt', { CiphertextBlob })).Plaintext, 'aGVsbG8=');
      assert.equal((await owner.call('Decrypt', { CiphertextBlob })).Plaintext, 'aGVsbG8=');
      const dataKey = await kms.call('GenerateDataKey', { KeyId: key.Arn });
      assert.equal((await kms.call('Decrypt', { CiphertextBlob: dataKey.CiphertextBlob })).Plaintext, dataKey.Plaintext);
      await kms.call('GenerateDataKeyWithoutPlaintext', { KeyId: key.Arn });
      assert.equal((await kms.call('DescribeKey', { KeyId: key.Arn })).KeyMetadata.Arn, key.Arn);
      assert.equal((await kms.call('ListKeyVersions', { KeyId: key.Arn })).TotalCount, 1);
    });

    (knowsAll(name) ? test : () => {})('is either side of ReEncrypt', async () => {
      const key = await newKey(letIn(`user/${user.name}`));
      const kms = as(user.keys);
      const own = (await kms.call('CreateKey', {})).KeyMetadata.KeyId;
      const { CiphertextBlob } = await kms.call('Encrypt', { KeyId: own, Plaintext: 'aGVsbG8=' });
      const theirs = await kms.call('ReEncrypt', { CiphertextBlob, DestinationKeyId: key.Arn });
      assert.equal((await owner.call('Decrypt', { CiphertextBlob: theirs.CiphertextBlob })).Plaintext, 'aGVsbG8=');
      const back = await kms.call('ReEncrypt', { CiphertextBlob: theirs.CiphertextBlob, DestinationKeyId: own });
      assert.equal((await kms.call('Decrypt', { CiphertextBlob: back.CiphertextBlob })).Plaintext, 'aGVsbG8=');
      await set(key.KeyId, letIn(`user/${user.name}`, 'Allow', ['kms:ReEncryptTo']));
      await kms.call('ReEncrypt', { CiphertextBlob, DestinationKeyId: key.Arn });
      await refuses(() => kms.call('ReEncrypt', { CiphertextBlob: theirs.CiphertextBlob, DestinationKeyId: own }), 400, 'InvalidParameter');
    });

    test('needs both sides, and a root the owner only', async () => {
      const key = await newKey();
      const encrypt = (keys) => () => as(keys).call('Encrypt', { KeyId: key.Arn, Plaintext: 'aGVsbG8=' });
      await denied(encrypt(user.keys));
      await denied(encrypt(guestRoot));
      await set(key.KeyId, letIn('root'));
      await encrypt(user.keys)();
      await encrypt(guestRoot)();
      await denied(encrypt(idle.keys));
      await set(key.KeyId, letIn('root'), letIn(`user/${user.name}`, 'Deny'));
      await denied(encrypt(user.keys));
      await encrypt(guestRoot)();
    });

    test('is closed for the next call once its policy is taken back', async () => {
      const key = await newKey(letIn('root'));
      const kms = as(user.keys);
      const { CiphertextBlob } = await kms.call('Encrypt', { KeyId: key.Arn, Plaintext: 'aGVsbG8=' });
      await set(key.KeyId, { ...letIn('root'), Principal: { RAM: [`acs:ram::${target.account}:*`] } });
      await denied(() => kms.call('Encrypt', { KeyId: key.Arn, Plaintext: 'aGVsbG8=' }));
      await refuses(() => kms.call('Decrypt', { CiphertextBlob }), 400, 'InvalidParameter');
      await denied(() => as(idle.keys).call('Decrypt', { CiphertextBlob }));
    });

    test('is nobody else\'s to manage, and has no other name', async () => {
      const key = await newKey(letIn('root'));
      const AliasName = `alias/${fresh('shared')}`;
      await owner.call('CreateAlias', { KeyId: key.KeyId, AliasName });
      const kms = as(guestRoot);
      await denied(() => kms.call('DisableKey', { KeyId: key.Arn }));
      await denied(() => kmsClients['pop-core POST (1.0)'](guestRoot, versions.kms).call('GetKeyPolicy', { KeyId: key.Arn }));
      await denied(() => kms.call('TagResource', { KeyId: key.Arn, Tags: '[{"TagKey":"k","TagValue":"v"}]' }));
      await refuses(() => kms.call('DescribeKey', { KeyId: key.KeyId }), 404, 'Forbidden.KeyNotFound');
      await refuses(() => kms.call('DescribeKey', { KeyId: AliasName }), 404, 'Forbidden.AliasNotFound');
    });
  });
}

describe('CreateKey with Policy', () => {
  for (const [name, client] of Object.entries(kmsClients).filter(([each]) => knowsAll(each))) {
    test(`keeps it as SetKeyPolicy does, and refuses what is none (${name})`, async () => {
      const kms = client(target.root, versions.kms);
      const document = policy(letIn('root'));
      const { KeyId } = (await kms.call('CreateKey', { Policy: document })).KeyMetadata;
      assert.equal((await kms.call('GetKeyPolicy', { KeyId })).Policy, document);
      await refuses(() => kms.call('CreateKey', { Policy: policy({ ...letIn('root'), Principal: undefined }) }), 400, 'InvalidParameter');
      await refuses(() => kms.call('CreateKey', { Policy: 'text' }), 400, 'InvalidParameter');
    });
  }
});
