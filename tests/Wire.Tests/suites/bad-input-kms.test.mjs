// Bad input to KMS: each case gets the vendor's code and status and a message that names the parameter, and leaves nothing
// behind. The limits are tested at the limit (accepted) and one past it (refused).
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { isRefusal, isSuccess } from '../assertions.mjs';
import { kms, rpc } from '../raw.mjs';
import { target, versions } from '../target.mjs';

const fixture = {};
before(async () => {
  fixture.key = isSuccess(await kms('CreateKey', { Description: 'fixture' })).KeyMetadata.KeyId;
  fixture.other = isSuccess(await kms('CreateKey', { Description: 'other' })).KeyMetadata.KeyId;
  fixture.alias = 'alias/fixture';
  isSuccess(await kms('CreateAlias', { KeyId: fixture.key, AliasName: fixture.alias }));
  isSuccess(await kms('TagResource', { KeyId: fixture.key, Tags: '[{"TagKey":"kept","TagValue":"1"}]' }));
  fixture.blob = isSuccess(await kms('Encrypt', { KeyId: fixture.key, Plaintext: 'eA==' })).CiphertextBlob;
});

/** Everything a refused call could have changed. */
async function state() {
  const [keys, aliases, tags, key, other] = await Promise.all([
    kms('ListKeys', { PageSize: 100 }), kms('ListAliases', { PageSize: 100 }), kms('ListResourceTags', { KeyId: fixture.key }),
    kms('DescribeKey', { KeyId: fixture.key }), kms('DescribeKey', { KeyId: fixture.other }),
  ]);
  return {
    keys: isSuccess(keys).Keys, aliases: isSuccess(aliases).Aliases, tags: isSuccess(tags).Tags,
    key: isSuccess(key).KeyMetadata, other: isSuccess(other).KeyMetadata,
  };
}

/** A refusal that leaves the state as it was. `given` may be a function, since the fixture's ids exist only later. */
function refused(title, action, given, status, code, mentions, options) {
  test(title, async () => {
    const beforehand = await state();
    const parameters = typeof given === 'function' ? given() : given;
    isRefusal(await kms(action, parameters, options), status, code, mentions);
    assert.deepEqual(await state(), beforehand, 'no state was left behind');
  });
}

function accepted(title, action, given, check = () => {}) {
  test(title, async () => check(isSuccess(await kms(action, given(), { place: 'form' }))));
}

const invalid = (title, action, given, parameter, options) => refused(title, action, given, 400, 'InvalidParameter', parameter, options);
const absent = (title, action, given, parameter) => refused(title, action, given, 400, 'MissingParameter', parameter);
const inForm = { place: 'form' };

describe('missing', () => {
  absent('Encrypt without KeyId', 'Encrypt', { Plaintext: 'eA==' }, 'KeyId');
  absent('Encrypt without Plaintext', 'Encrypt', () => ({ KeyId: fixture.key }), 'Plaintext');
  absent('Encrypt with an empty KeyId', 'Encrypt', { KeyId: '', Plaintext: 'eA==' }, 'KeyId');
  absent('Decrypt without CiphertextBlob', 'Decrypt', {}, 'CiphertextBlob');
  absent('DescribeKey without KeyId', 'DescribeKey', {}, 'KeyId');
  absent('GenerateDataKey without KeyId', 'GenerateDataKey', {}, 'KeyId');
  absent('GenerateDataKeyWithoutPlaintext without KeyId', 'GenerateDataKeyWithoutPlaintext', {}, 'KeyId');
  absent('EnableKey without KeyId', 'EnableKey', {}, 'KeyId');
  absent('DisableKey without KeyId', 'DisableKey', {}, 'KeyId');
  absent('ScheduleKeyDeletion without KeyId', 'ScheduleKeyDeletion', { PendingWindowInDays: 7 }, 'KeyId');
  absent('CancelKeyDeletion without KeyId', 'CancelKeyDeletion', {}, 'KeyId');
  absent('UpdateKeyDescription without Description', 'UpdateKeyDescription', () => ({ KeyId: fixture.key }), 'Description');
  absent('CreateAlias without AliasName', 'CreateAlias', () => ({ KeyId: fixture.key }), 'AliasName');
  absent('CreateAlias without KeyId', 'CreateAlias', { AliasName: 'alias/new' }, 'KeyId');
  absent('UpdateAlias without KeyId', 'UpdateAlias', () => ({ AliasName: fixture.alias }), 'KeyId');
  absent('DeleteAlias without AliasName', 'DeleteAlias', {}, 'AliasName');
  absent('ListAliasesByKeyId without KeyId', 'ListAliasesByKeyId', {}, 'KeyId');
  absent('TagResource without Tags', 'TagResource', () => ({ KeyId: fixture.key }), 'Tags');
  absent('UntagResource without TagKeys', 'UntagResource', () => ({ KeyId: fixture.key }), 'TagKeys');
  absent('ListResourceTags without KeyId', 'ListResourceTags', {}, 'KeyId');
});

describe('duplicates', () => {
  const twice = (first, second) => [['KeyId', 'a'], [first, '1'], [second, '2']];
  invalid('a parameter twice in the query', 'DescribeKey', () => [['KeyId', fixture.key], ['KeyId', fixture.other]], 'KeyId');
  invalid('a parameter twice in the form', 'DescribeKey', () => [['KeyId', fixture.key], ['KeyId', fixture.other]], 'KeyId', inForm);
  invalid('the same value twice', 'DescribeKey', () => [['KeyId', fixture.key], ['KeyId', fixture.key]], 'KeyId');
  invalid('names that differ only in letter case', 'DescribeKey', () => [['KeyId', fixture.key], ['keyid', fixture.other]], 'keyid');
  invalid('Action twice', 'CreateKey', [['Action', 'ListKeys']], 'Action');
  invalid('a duplicate nobody knows', 'ListKeys', twice('Unknown', 'Unknown'), 'Unknown');
  test('once in the query and once in the form', async () => {
    const beforehand = await state();
    const { rpcRequest, send } = await import('../signer.mjs');
    const request = rpcRequest(target.root, versions.kms, 'DescribeKey', { KeyId: fixture.key }, { place: 'split' });
    isRefusal(await send(target.http, { ...request, path: `${request.path}&KeyId=${fixture.other}` }), 400, 'InvalidParameter', 'KeyId');
    assert.deepEqual(await state(), beforehand, 'no state was left behind');
  });
});

describe('oversized', () => {
  const kibibyte = 1024;
  const big = (size) => 'x'.repeat(size);
  refused('a target over 64 KiB', 'CreateKey', { Description: big(64 * kibibyte) }, 414, 'RequestUriTooLong', []);
  refused('a body over 1 MiB', 'CreateKey', { Description: big(kibibyte * kibibyte) }, 413, 'RequestEntityTooLarge', [], inForm);
  invalid('a value over 64 KiB', 'CreateKey', { Description: big(64 * kibibyte + 1) }, 'Description', inForm);
  test('a name over 256 characters', async () => {
    const beforehand = await state();
    const answer = await kms('ListKeys', { [big(257)]: '1' }, inForm);
    assert.equal(answer.status, 400, answer.text);
    assert.deepEqual(await state(), beforehand, 'no state was left behind');
  });
  test('over 1000 parameters', async () => {
    const answer = await kms('ListKeys', Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`P${index}`, '1'])), inForm);
    assert.equal(answer.status, 400, answer.text);
    assert.ok(answer.json !== null && typeof answer.json.Code === 'string', answer.text);
  });
  test('many parameters, but not too many', async () => {
    isSuccess(await kms('ListKeys', Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`P${index}`, '1'])), inForm));
  });
});

describe('what is asked', () => {
  refused('an unknown action', 'EncryptEverything', {}, 404, 'InvalidAction.NotFound', []);
  refused('an action in another letter case', 'listkeys', {}, 404, 'InvalidAction.NotFound', []);
  test('an unknown version', async () => {
    const beforehand = await state();
    isRefusal(await rpc('2016-01-21', 'CreateKey', {}), 400, 'InvalidVersion', 'Version');
    assert.deepEqual(await state(), beforehand, 'no state was left behind');
  });
  test('an action of another version', async () => {
    isRefusal(await rpc(versions.ram, 'Encrypt', { KeyId: fixture.key, Plaintext: 'eA==' }), 404, 'InvalidAction.NotFound');
    isRefusal(await rpc(versions.kms, 'CreateUser', { UserName: 'eve' }), 404, 'InvalidAction.NotFound');
  });
  refused('an action that is not served yet', 'OpenKmsService', () => ({}), 400, 'UnsupportedOperation', []);
});

describe('types and enumerations', () => {
  invalid('PageNumber is a word', 'ListKeys', { PageNumber: 'first' }, 'PageNumber');
  invalid('PageNumber has a fraction', 'ListKeys', { PageNumber: '1.5' }, 'PageNumber');
  invalid('PageNumber is beyond every integer', 'ListKeys', { PageNumber: '99999999999999999999' }, 'PageNumber');
  invalid('PageNumber is 0', 'ListKeys', { PageNumber: 0 }, 'PageNumber');
  invalid('PageNumber is negative', 'ListKeys', { PageNumber: -1 }, 'PageNumber');
  invalid('PageSize is 0', 'ListKeys', { PageSize: 0 }, 'PageSize');
  invalid('PageSize is 101', 'ListAliases', { PageSize: 101 }, 'PageSize');
  accepted('PageSize is 100', 'ListAliases', () => ({ PageSize: 100 }), (answer) => assert.equal(answer.PageSize, 100));
  accepted('PageSize is 1', 'ListKeys', () => ({ PageSize: 1 }), (answer) => assert.equal(answer.Keys.Key.length, 1));
  invalid('EnableAutomaticRotation is maybe', 'CreateKey', { EnableAutomaticRotation: 'maybe' }, 'EnableAutomaticRotation');
  invalid('KeySpec is not one', 'CreateKey', { KeySpec: 'AES_512' }, 'KeySpec');
  invalid('KeySpec in another letter case', 'CreateKey', { KeySpec: 'aliyun_aes_256' }, 'KeySpec');
  invalid('KeyUsage is not one', 'CreateKey', { KeyUsage: 'ENCRYPT' }, 'KeyUsage');
  invalid('Origin is not one', 'CreateKey', { Origin: 'Elsewhere' }, 'Origin');
  invalid('ProtectionLevel is not one', 'CreateKey', { ProtectionLevel: 'PAPER' }, 'ProtectionLevel');
  invalid('a data key of a type that is not one', 'GenerateDataKey', () => ({ KeyId: fixture.key, KeySpec: 'AES_512' }), 'KeySpec');
});

describe('Encrypt and Decrypt', () => {
  const encrypt = (parameters) => () => ({ KeyId: fixture.key, Plaintext: 'eA==', ...parameters });
  accepted('a plaintext of 8192 characters', 'Encrypt', encrypt({ Plaintext: 'A'.repeat(8192) }));
  invalid('a plaintext of 8193 characters', 'Encrypt', encrypt({ Plaintext: 'A'.repeat(8193) }), 'Plaintext', inForm);
  accepted('a plaintext of 8192 bytes in two-byte characters', 'Encrypt', encrypt({ Plaintext: 'é'.repeat(4096) }));
  invalid('a plaintext of 8194 bytes in 4097 characters', 'Encrypt', encrypt({ Plaintext: 'é'.repeat(4097) }), 'Plaintext', inForm);

  const context = (length) => `{"a":"${'x'.repeat(length - 8)}"}`;
  accepted('a context of 8192 characters', 'Encrypt', encrypt({ EncryptionContext: context(8192) }));
  invalid('a context of 8193 characters', 'Encrypt', encrypt({ EncryptionContext: context(8193) }), 'EncryptionContext', inForm);
  for (const [title, text] of [
    ['an array', '["a"]'],
    ['a text', '"a"'],
    ['a number as a value', '{"a":1}'],
    ['a boolean as a value', '{"a":true}'],
    ['null as a value', '{"a":null}'],
    ['an object as a value', '{"a":{"b":"c"}}'],
    ['a name twice', '{"a":"1","a":"2"}'],
    ['a name twice, once escaped', '{"a":"1","\\u0061":"2"}'],
    ['no JSON', 'a=1'],
    ['JSON that ends early', '{"a":"1"'],
    ['JSON and more', '{"a":"1"} x'],
    ['a comment', '{"a":"1"/**/}'],
    ['a trailing comma', '{"a":"1",}'],
  ]) {
    invalid(`Encrypt: a context that is ${title}`, 'Encrypt', encrypt({ EncryptionContext: text }), 'EncryptionContext');
    invalid(`Decrypt: a context that is ${title}`, 'Decrypt', () => ({ CiphertextBlob: fixture.blob, EncryptionContext: text }), 'EncryptionContext');
  }

  for (const [title, change] of [
    ['not base64', () => '!!!'],
    ['base64 with a line break', (blob) => `${blob.slice(0, 40)}\n${blob.slice(40)}`],
    ['base64 of the URL alphabet', () => '-_-_'.repeat(40)],
    ['base64 without its padding', () => 'A'.repeat(139)],
    ['too short', (blob) => blob.slice(0, 48)],
    ['cut by 4 characters', (blob) => `${blob.slice(0, -8)}${blob.slice(-4)}`],
    ['longer by 4 characters', (blob) => `AAAA${blob}`],
    ['of an unknown key version', (blob) => Buffer.from(`00000000-0000-4000-8000-000000000000${Buffer.from(blob, 'base64').toString('latin1').slice(36)}`, 'latin1').toString('base64')],
  ]) {
    invalid(`a CiphertextBlob that is ${title}`, 'Decrypt', () => ({ CiphertextBlob: change(fixture.blob) }), 'CiphertextBlob');
  }

  invalid('a key id with a blank', 'Encrypt', { KeyId: 'a b', Plaintext: 'eA==' }, 'KeyId');
  invalid('a key id with a wildcard', 'Encrypt', { KeyId: '*', Plaintext: 'eA==' }, 'KeyId');
  // authorized first, on the ARN as it was given: root of one account may do nothing in another
  refused('an ARN of another account', 'Encrypt', () => ({ KeyId: `acs:kms:${target.region}:1000000000000002:key/${fixture.key}`, Plaintext: 'eA==' }), 403, 'Forbidden.NoPermission', []);
  refused('an ARN of another region', 'Encrypt', () => ({ KeyId: `acs:kms:us-east-1:${target.account}:key/${fixture.key}`, Plaintext: 'eA==' }), 404, 'Forbidden.KeyNotFound', []);
});

describe('data keys', () => {
  const generate = (NumberOfBytes) => () => ({ KeyId: fixture.key, NumberOfBytes });
  const has = (bytes) => (answer) => assert.equal(Buffer.from(answer.Plaintext, 'base64').length, bytes);
  invalid('NumberOfBytes 0', 'GenerateDataKey', generate(0), 'NumberOfBytes');
  accepted('NumberOfBytes 1', 'GenerateDataKey', generate(1), has(1));
  accepted('NumberOfBytes 1024', 'GenerateDataKey', generate(1024), has(1024));
  invalid('NumberOfBytes 1025', 'GenerateDataKey', generate(1025), 'NumberOfBytes');
  invalid('NumberOfBytes -1', 'GenerateDataKeyWithoutPlaintext', generate(-1), 'NumberOfBytes');
  invalid('NumberOfBytes is a word', 'GenerateDataKey', generate('many'), 'NumberOfBytes');
});

describe('keys', () => {
  const schedule = (PendingWindowInDays) => () => ({ KeyId: fixture.key, PendingWindowInDays });
  invalid('PendingWindowInDays 6', 'ScheduleKeyDeletion', schedule(6), 'PendingWindowInDays');
  invalid('PendingWindowInDays 31', 'ScheduleKeyDeletion', schedule(31), 'PendingWindowInDays');
  invalid('PendingWindowInDays is a word', 'ScheduleKeyDeletion', schedule('a week'), 'PendingWindowInDays');
  for (const days of [7, 30]) {
    test(`PendingWindowInDays ${days}`, async () => {
      const key = isSuccess(await kms('CreateKey')).KeyMetadata.KeyId;
      isSuccess(await kms('ScheduleKeyDeletion', { KeyId: key, PendingWindowInDays: days }));
      const { DeleteDate } = isSuccess(await kms('DescribeKey', { KeyId: key })).KeyMetadata;
      assert.equal(Math.round((Date.parse(DeleteDate) - Date.now()) / 86_400_000), days);
    });
  }

  accepted('a description of 8192 characters', 'CreateKey', () => ({ Description: 'd'.repeat(8192) }));
  invalid('a description of 8193 characters', 'CreateKey', { Description: 'd'.repeat(8193) }, 'Description', inForm);
  invalid('a new description of 8193 characters', 'UpdateKeyDescription', () => ({ KeyId: fixture.key, Description: 'd'.repeat(8193) }), 'Description', inForm);
  refused('an alias where only an id is taken', 'DisableKey', () => ({ KeyId: fixture.alias }), 400, 'Unsupported.Alias', []);
  refused('an alias for ScheduleKeyDeletion', 'ScheduleKeyDeletion', () => ({ KeyId: fixture.alias, PendingWindowInDays: 7 }), 400, 'Unsupported.Alias', []);
});

describe('aliases', () => {
  const named = (AliasName) => () => ({ KeyId: fixture.other, AliasName });
  for (const [title, name] of [
    ['without its prefix', 'mine'],
    ['with the prefix in capitals', 'ALIAS/mine'],
    ['with nothing after the prefix', 'alias/'],
    ['with a blank', 'alias/a b'],
    ['with a wildcard', 'alias/a*'],
    ['with a dot', 'alias/a.b'],
    ['with a letter that is not ASCII', 'alias/ключ'],
    ['of 256 characters', `alias/${'a'.repeat(256)}`],
    ['reserved for products', 'alias/acs/mine'],
  ]) {
    invalid(`CreateAlias: a name ${title}`, 'CreateAlias', named(name), 'AliasName');
  }

  test('a name of 255 characters', async () => {
    const AliasName = `alias/${'a'.repeat(255)}`;
    isSuccess(await kms('CreateAlias', { KeyId: fixture.other, AliasName }));
    isSuccess(await kms('DeleteAlias', { AliasName }));
  });
  refused("DeleteAlias: a product's name", 'DeleteAlias', { AliasName: 'alias/acs/ram' }, 400, 'Rejected.UnsupportedOperation', []);
  refused("UpdateAlias: a product's name", 'UpdateAlias', () => ({ KeyId: fixture.other, AliasName: 'alias/acs/ram' }), 400, 'Rejected.UnsupportedOperation', []);
  refused('CreateAlias: a name that is taken', 'CreateAlias', () => ({ KeyId: fixture.other, AliasName: fixture.alias }), 400, 'AliasAlreadyExists', []);
});

describe('tags', () => {
  const tags = (list) => () => ({ KeyId: fixture.key, Tags: typeof list === 'string' ? list : JSON.stringify(list) });
  const tag = (TagKey, TagValue = 'v') => [{ TagKey, TagValue }];
  for (const [title, list] of [
    ['no JSON', 'kept=2'],
    ['an object', '{"TagKey":"kept","TagValue":"2"}'],
    ['an empty list', '[]'],
    ['a list of texts', '["kept"]'],
    ['a number as a value', '[{"TagKey":"kept","TagValue":2}]'],
    ['a member missing', '[{"TagValue":"2"}]'],
    ['an empty key', tag('')],
    ['a key of 129 characters', tag('k'.repeat(129))],
    ['a value of 129 characters', tag('k', 'v'.repeat(129))],
    ['a blank in a key', tag('two words')],
    ['a wildcard in a value', tag('k', '*')],
    ['a key that starts with aliyun', tag('aliyunteam')],
    ['a key that starts with acs:', tag('acs:team')],
    ['the same key twice', [...tag('k', '1'), ...tag('k', '2')]],
  ]) {
    invalid(`Tags: ${title}`, 'TagResource', tags(list), 'Tags', inForm);
  }

  test('a key and a value of 128 characters', async () => {
    const key = isSuccess(await kms('CreateKey')).KeyMetadata.KeyId;
    isSuccess(await kms('TagResource', { KeyId: key, Tags: JSON.stringify(tag('k'.repeat(128), 'v'.repeat(128))) }));
  });

  test('ten tags, and no eleventh', async () => {
    const key = isSuccess(await kms('CreateKey')).KeyMetadata.KeyId;
    const ten = Array.from({ length: 10 }, (_, index) => ({ TagKey: `k${index}`, TagValue: 'v' }));
    isSuccess(await kms('TagResource', { KeyId: key, Tags: JSON.stringify(ten) }));
    isRefusal(await kms('TagResource', { KeyId: key, Tags: JSON.stringify(tag('k10')) }), 400, 'Rejected.LimitExceeded');
    isSuccess(await kms('TagResource', { KeyId: key, Tags: JSON.stringify(tag('k9', 'changed')) }));
    assert.equal(isSuccess(await kms('ListResourceTags', { KeyId: key })).Tags.Tag.length, 10);
  });

  test('eleven tags at once', async () => {
    const beforehand = await state();
    const eleven = Array.from({ length: 11 }, (_, index) => ({ TagKey: `k${index}`, TagValue: 'v' }));
    const answer = await kms('TagResource', { KeyId: fixture.key, Tags: JSON.stringify(eleven) });
    isRefusal(answer, 400, 'InvalidParameter', 'Tags');
    assert.deepEqual(await state(), beforehand, 'no state was left behind');
  });

  invalid('TagKeys: an object', 'UntagResource', () => ({ KeyId: fixture.key, TagKeys: '{"kept":1}' }), 'TagKeys');
  invalid('TagKeys: a number in the list', 'UntagResource', () => ({ KeyId: fixture.key, TagKeys: '[1]' }), 'TagKeys');
  invalid('TagKeys: a key of 129 characters', 'UntagResource', () => ({ KeyId: fixture.key, TagKeys: JSON.stringify(['k'.repeat(129)]) }), 'TagKeys');
});
