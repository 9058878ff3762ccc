// Every KMS action that is served now, with every official client that has it: a happy path and at least one refusal.
import assert from 'node:assert/strict';
import { refuses } from '../assertions.mjs';
import { describeActions } from '../kms-actions.mjs';
import { fresh, target } from '../target.mjs';

const nowhere = '00000000-0000-4000-8000-000000000000';
const utcSeconds = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const keyNotFound = { status: 404, code: 'Forbidden.KeyNotFound' };
const aliasNotFound = { status: 404, code: 'Forbidden.AliasNotFound' };
const missing = { status: 400, code: 'MissingParameter' };
const invalid = { status: 400, code: 'InvalidParameter' };
const noAlias = { status: 400, code: 'Unsupported.Alias' };
const stateModified = { status: 409, code: 'Rejected.StateModifiedFailed' };

const newKey = async (kms, parameters = {}) => (await kms.call('CreateKey', parameters)).KeyMetadata.KeyId;

async function newAlias(kms) {
  const key = await newKey(kms);
  const alias = `alias/${fresh('wire')}`;
  await kms.call('CreateAlias', { KeyId: key, AliasName: alias });
  return { key, alias };
}

const stateOf = async (kms, key) => (await kms.call('DescribeKey', { KeyId: key })).KeyMetadata.KeyState;
const tagsOf = async (kms, key) => (await kms.call('ListResourceTags', { KeyId: key })).Tags.Tag.map(({ TagKey, TagValue }) => [TagKey, TagValue]).sort();
const aliasesOf = async (kms, key) => (await kms.call('ListAliasesByKeyId', { KeyId: key })).Aliases.Alias.map((each) => each.AliasName).sort();

async function everyPage(kms, action, wrapper, member, size) {
  const rows = [];
  for (let page = 1; ; page++) {
    const answer = await kms.call(action, { PageNumber: page, PageSize: size });
    assert.equal(answer.PageNumber, page);
    assert.equal(answer.PageSize, size);
    rows.push(...answer[wrapper][member]);
    if (answer[wrapper][member].length < size) {
      assert.equal(rows.length, answer.TotalCount);
      return rows;
    }
  }
}

// action: { happy: (client) => ..., refused: { title: [parameters or (client) => parameters, expected] } }
const actions = {
  DescribeRegions: {
    async happy(kms) {
      const { Regions } = await kms.call('DescribeRegions', {});
      assert.ok(Regions.Region.some((region) => region.RegionId === target.region));
    },
    refused: {},
  },
  CreateKey: {
    async happy(kms) {
      const { KeyMetadata: key } = await kms.call('CreateKey', { Description: 'schlüssel 密钥', KeySpec: 'Aliyun_AES_256', KeyUsage: 'ENCRYPT/DECRYPT' });
      assert.deepEqual(
        { ...key, KeyId: undefined, Arn: undefined, CreationDate: undefined, PrimaryKeyVersion: undefined, LastRotationDate: undefined, DeletionProtection: undefined },
        {
          KeyId: undefined, Arn: undefined, CreationDate: undefined, PrimaryKeyVersion: undefined, LastRotationDate: undefined, DeletionProtection: undefined,
          Creator: target.account, Description: 'schlüssel 密钥', KeyState: 'Enabled', KeySpec: 'Aliyun_AES_256', KeyUsage: 'ENCRYPT/DECRYPT',
          Origin: 'Aliyun_KMS', ProtectionLevel: 'SOFTWARE', AutomaticRotation: 'Disabled', DeleteDate: '', MaterialExpireTime: '',
        });
      assert.equal(key.Arn, `acs:kms:${target.region}:${target.account}:key/${key.KeyId}`);
      assert.match(key.CreationDate, utcSeconds);
    },
    refused: {
      'a key type that does not exist': [{ KeySpec: 'AES_257' }, invalid],
      'a usage that does not exist': [{ KeyUsage: 'EVERYTHING' }, invalid],
    },
  },
  DescribeKey: {
    async happy(kms) {
      const { key, alias } = await newAlias(kms);
      const byId = await kms.call('DescribeKey', { KeyId: key });
      const byAlias = await kms.call('DescribeKey', { KeyId: alias });
      const byArn = await kms.call('DescribeKey', { KeyId: byId.KeyMetadata.Arn });
      assert.equal(byId.KeyMetadata.KeyId, key);
      assert.deepEqual(byAlias.KeyMetadata, byId.KeyMetadata);
      assert.deepEqual(byArn.KeyMetadata, byId.KeyMetadata);
    },
    refused: {
      'an unknown key': [{ KeyId: nowhere }, keyNotFound],
      'an unknown alias': [{ KeyId: 'alias/nobody-made-this' }, aliasNotFound],
      'no key': [{}, missing],
    },
  },
  ListKeys: {
    async happy(kms) {
      const made = [await newKey(kms), await newKey(kms), await newKey(kms)];
      const rows = await everyPage(kms, 'ListKeys', 'Keys', 'Key', 7);
      for (const key of made) {
        assert.deepEqual(
          rows.filter((row) => row.KeyId === key).map((row) => row.KeyArn), [`acs:kms:${target.region}:${target.account}:key/${key}`]);
      }

      const beyond = await kms.call('ListKeys', { PageNumber: 10_000, PageSize: 100 });
      assert.deepEqual(beyond.Keys.Key, []);
    },
    refused: { 'a page of 101': [{ PageNumber: 1, PageSize: 101 }, invalid] },
  },
  UpdateKeyDescription: {
    async happy(kms) {
      const key = await newKey(kms, { Description: 'before' });
      await kms.call('UpdateKeyDescription', { KeyId: key, Description: 'after & before' });
      assert.equal((await kms.call('DescribeKey', { KeyId: key })).KeyMetadata.Description, 'after & before');
      await kms.call('UpdateKeyDescription', { KeyId: key, Description: '' });
      assert.equal((await kms.call('DescribeKey', { KeyId: key })).KeyMetadata.Description, '');
    },
    refused: { 'an unknown key': [{ KeyId: nowhere, Description: 'x' }, keyNotFound] },
  },
  DisableKey: {
    async happy(kms) {
      const key = await newKey(kms);
      await kms.call('DisableKey', { KeyId: key });
      await kms.call('DisableKey', { KeyId: key });
      assert.equal(await stateOf(kms, key), 'Disabled');
      await refuses(() => kms.call('Encrypt', { KeyId: key, Plaintext: 'eA==' }), 409, 'Rejected.Disabled');
    },
    refused: {
      'an alias': [async (kms) => ({ KeyId: (await newAlias(kms)).alias }), noAlias],
      'an unknown key': [{ KeyId: nowhere }, keyNotFound],
    },
  },
  EnableKey: {
    async happy(kms) {
      const key = await newKey(kms);
      await kms.call('DisableKey', { KeyId: key });
      await kms.call('EnableKey', { KeyId: key });
      assert.equal(await stateOf(kms, key), 'Enabled');
    },
    refused: {
      'a key that waits for its deletion': [async (kms) => {
        const key = await newKey(kms);
        await kms.call('ScheduleKeyDeletion', { KeyId: key, PendingWindowInDays: 7 });
        return { KeyId: key };
      }, stateModified],
    },
  },
  ScheduleKeyDeletion: {
    async happy(kms) {
      const key = await newKey(kms);
      await kms.call('ScheduleKeyDeletion', { KeyId: key, PendingWindowInDays: 30 });
      const { KeyMetadata } = await kms.call('DescribeKey', { KeyId: key });
      assert.equal(KeyMetadata.KeyState, 'PendingDeletion');
      const days = (Date.parse(KeyMetadata.DeleteDate) - Date.now()) / 86_400_000;
      assert.ok(days > 29.9 && days < 30.1, KeyMetadata.DeleteDate);
      await refuses(() => kms.call('Encrypt', { KeyId: key, Plaintext: 'eA==' }), 409, 'Rejected.PendingDeletion');
    },
    refused: {
      'a window of 31 days': [async (kms) => ({ KeyId: await newKey(kms), PendingWindowInDays: 31 }), invalid],
      'an unknown key': [{ KeyId: nowhere, PendingWindowInDays: 7 }, keyNotFound],
    },
  },
  CancelKeyDeletion: {
    async happy(kms) {
      const key = await newKey(kms);
      await kms.call('ScheduleKeyDeletion', { KeyId: key, PendingWindowInDays: 7 });
      await kms.call('CancelKeyDeletion', { KeyId: key });
      const { KeyMetadata } = await kms.call('DescribeKey', { KeyId: key });
      assert.deepEqual([KeyMetadata.KeyState, KeyMetadata.DeleteDate], ['Enabled', '']);
    },
    refused: { 'a key that is enabled': [async (kms) => ({ KeyId: await newKey(kms) }), stateModified] },
  },
  Encrypt: {
    async happy(kms) {
      const { key, alias } = await newAlias(kms);
      for (const reference of [key, alias, `acs:kms:${target.region}:${target.account}:key/${key}`]) {
        const sealed = await kms.call('Encrypt', { KeyId: reference, Plaintext: 'any text, also 中文' });
        assert.equal(sealed.KeyId, key);
        assert.match(sealed.CiphertextBlob, base64);
        assert.equal(Buffer.from(sealed.CiphertextBlob, 'base64').toString('base64'), sealed.CiphertextBlob, 'canonical');
        assert.equal((await kms.call('Decrypt', { CiphertextBlob: sealed.CiphertextBlob })).Plaintext, 'any text, also 中文');
      }
    },
    refused: {
      'an unknown key': [{ KeyId: nowhere, Plaintext: 'eA==' }, keyNotFound],
      'an unknown alias': [{ KeyId: 'alias/nobody-made-this', Plaintext: 'eA==' }, aliasNotFound],
      'no plaintext': [async (kms) => ({ KeyId: await newKey(kms) }), missing],
    },
  },
  Decrypt: {
    async happy(kms) {
      const key = await newKey(kms);
      const sealed = await kms.call('Encrypt', { KeyId: key, Plaintext: 'aGVsbG8=', EncryptionContext: '{"b":"2","a":"1"}' });
      const opened = await kms.call('Decrypt', { CiphertextBlob: sealed.CiphertextBlob, EncryptionContext: ' { "a" : "1" , "b":"2"} ' });
      assert.deepEqual([opened.Plaintext, opened.KeyId, opened.KeyVersionId], ['aGVsbG8=', key, sealed.KeyVersionId]);
    },
    refused: {
      'another context': [async (kms) => {
        const sealed = await kms.call('Encrypt', { KeyId: await newKey(kms), Plaintext: 'eA==', EncryptionContext: '{"a":"1"}' });
        return { CiphertextBlob: sealed.CiphertextBlob, EncryptionContext: '{"a":"2"}' };
      }, invalid],
      'a flipped bit': [async (kms) => {
        const sealed = await kms.call('Encrypt', { KeyId: await newKey(kms), Plaintext: 'eA==' });
        const bytes = Buffer.from(sealed.CiphertextBlob, 'base64');
        bytes[bytes.length - 1] ^= 1;
        return { CiphertextBlob: bytes.toString('base64') };
      }, invalid],
      'a blob that nobody made': [{ CiphertextBlob: Buffer.from(nowhere.padEnd(100, 'x')).toString('base64') }, invalid],
    },
  },
  GenerateDataKey: {
    async happy(kms) {
      const { key, alias } = await newAlias(kms);
      for (const [parameters, bytes] of [[{}, 32], [{ KeySpec: 'AES_128' }, 16], [{ KeySpec: 'AES_256', NumberOfBytes: 48 }, 48]]) {
        const made = await kms.call('GenerateDataKey', { KeyId: alias, ...parameters });
        assert.equal(Buffer.from(made.Plaintext, 'base64').length, bytes);
        assert.equal(made.KeyId, key);
        assert.equal((await kms.call('Decrypt', { CiphertextBlob: made.CiphertextBlob })).Plaintext, made.Plaintext);
      }
    },
    refused: {
      'an unknown key': [{ KeyId: nowhere }, keyNotFound],
      'a length of 0': [async (kms) => ({ KeyId: await newKey(kms), NumberOfBytes: 0 }), invalid],
    },
  },
  GenerateDataKeyWithoutPlaintext: {
    async happy(kms) {
      const key = await newKey(kms);
      const made = await kms.call('GenerateDataKeyWithoutPlaintext', { KeyId: key, KeySpec: 'AES_256' });
      assert.equal(made.Plaintext, undefined);
      assert.equal(Buffer.from((await kms.call('Decrypt', { CiphertextBlob: made.CiphertextBlob })).Plaintext, 'base64').length, 32);
    },
    refused: { 'an unknown alias': [{ KeyId: 'alias/nobody-made-this' }, aliasNotFound] },
  },
  CreateAlias: {
    async happy(kms) {
      const { key, alias } = await newAlias(kms);
      const second = `alias/${fresh('wire')}`;
      await kms.call('CreateAlias', { KeyId: key, AliasName: second });
      assert.deepEqual(await aliasesOf(kms, key), [alias, second].sort());
    },
    refused: {
      'a name that is taken': [async (kms) => {
        const { alias } = await newAlias(kms);
        return { AliasName: alias, KeyId: await newKey(kms) };
      }, { status: 400, code: 'AliasAlreadyExists' }],
      'an unknown key': [{ AliasName: 'alias/for-nothing', KeyId: nowhere }, keyNotFound],
      'a reserved name': [async (kms) => ({ AliasName: 'alias/acs/mine', KeyId: await newKey(kms) }), invalid],
    },
  },
  UpdateAlias: {
    async happy(kms) {
      const { key, alias } = await newAlias(kms);
      const other = await newKey(kms);
      await kms.call('UpdateAlias', { KeyId: other, AliasName: alias });
      assert.deepEqual([await aliasesOf(kms, key), await aliasesOf(kms, other)], [[], [alias]]);
      assert.equal((await kms.call('Encrypt', { KeyId: alias, Plaintext: 'eA==' })).KeyId, other);
    },
    refused: { 'an unknown alias': [async (kms) => ({ AliasName: 'alias/nobody-made-this', KeyId: await newKey(kms) }), aliasNotFound] },
  },
  DeleteAlias: {
    async happy(kms) {
      const { key, alias } = await newAlias(kms);
      await kms.call('DeleteAlias', { AliasName: alias });
      assert.deepEqual(await aliasesOf(kms, key), []);
      await refuses(() => kms.call('Encrypt', { KeyId: alias, Plaintext: 'eA==' }), 404, 'Forbidden.AliasNotFound');
      assert.equal(await stateOf(kms, key), 'Enabled');
    },
    refused: { 'an unknown alias': [{ AliasName: 'alias/nobody-made-this' }, aliasNotFound] },
  },
  ListAliases: {
    async happy(kms) {
      const { key, alias } = await newAlias(kms);
      const rows = await everyPage(kms, 'ListAliases', 'Aliases', 'Alias', 9);
      assert.deepEqual(
        rows.filter((row) => row.AliasName === alias),
        [{ KeyId: key, AliasName: alias, AliasArn: `acs:kms:${target.region}:${target.account}:${alias}` }]);
    },
    refused: { 'a page of 0': [{ PageNumber: 0, PageSize: 10 }, invalid] },
  },
  ListAliasesByKeyId: {
    async happy(kms) {
      const { key, alias } = await newAlias(kms);
      const answer = await kms.call('ListAliasesByKeyId', { KeyId: key, PageNumber: 1, PageSize: 1 });
      assert.deepEqual([answer.TotalCount, answer.Aliases.Alias.map((each) => each.AliasName)], [1, [alias]]);
      const none = await kms.call('ListAliasesByKeyId', { KeyId: await newKey(kms) });
      assert.deepEqual([none.TotalCount, none.Aliases], [0, { Alias: [] }]);
    },
    refused: { 'an unknown key': [{ KeyId: nowhere }, keyNotFound] },
  },
  TagResource: {
    async happy(kms) {
      const key = await newKey(kms);
      await kms.call('TagResource', { KeyId: key, Tags: '[{"TagKey":"Project","TagValue":"Apollo"},{"TagKey":"Stage","TagValue":"prod"}]' });
      await kms.call('TagResource', { KeyId: key, Tags: '[{"TagKey":"Stage","TagValue":"test"}]' });
      assert.deepEqual(await tagsOf(kms, key), [['Project', 'Apollo'], ['Stage', 'test']]);
    },
    refused: {
      'an unknown key': [{ KeyId: nowhere, Tags: '[{"TagKey":"a","TagValue":"b"}]' }, keyNotFound],
      'tags that are not JSON': [async (kms) => ({ KeyId: await newKey(kms), Tags: 'Project=Apollo' }), invalid],
    },
  },
  UntagResource: {
    async happy(kms) {
      const key = await newKey(kms);
      await kms.call('TagResource', { KeyId: key, Tags: '[{"TagKey":"a","TagValue":"1"},{"TagKey":"b","TagValue":"2"}]' });
      await kms.call('UntagResource', { KeyId: key, TagKeys: '["a","never-there"]' });
      assert.deepEqual(await tagsOf(kms, key), [['b', '2']]);
    },
    refused: { 'keys that are not a list': [async (kms) => ({ KeyId: await newKey(kms), TagKeys: '{"a":1}' }), invalid] },
  },
  ListResourceTags: {
    async happy(kms) {
      const key = await newKey(kms);
      assert.deepEqual((await kms.call('ListResourceTags', { KeyId: key })).Tags, { Tag: [] });
      await kms.call('TagResource', { KeyId: key, Tags: '[{"TagKey":"a","TagValue":"1"}]' });
      assert.deepEqual((await kms.call('ListResourceTags', { KeyId: key })).Tags, { Tag: [{ KeyId: key, TagKey: 'a', TagValue: '1' }] });
    },
    refused: { 'an unknown key': [{ KeyId: nowhere }, keyNotFound] },
  },
};

describeActions(actions);
