// The ten requirements that clients in the wild add up to (audit-and-service-keys.md C3), one named test each, in the shapes of
// those clients. tolerances.test.mjs and sts.test.mjs hold each at its edges.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isRefusal, isSuccess } from '../assertions.mjs';
import { kms } from '../raw.mjs';
import { shapes } from '../replays/shapes.mjs';
import { openSession } from '../session.mjs';
import { acs3Request, percentEncode, send } from '../signer.mjs';
import { fresh, target, versions } from '../target.mjs';

const call = async (shape, action, parameters, credentials = target.root) => isSuccess(await send(target.https, shapes[shape](credentials, action, parameters)));
const newKey = async () => isSuccess(await kms('CreateKey')).KeyMetadata.KeyId;
const odd = "it's (really) *odd*! a+b c";

describe('C3', () => {
  test('1: no SignatureNonce, time stamps with and without milliseconds, and no replay of either', async () => {
    for (const Timestamp of [new Date().toISOString(), new Date().toISOString().replace(/\.\d+Z$/, 'Z')]) {
      const parameters = { PageNumber: Timestamp.length };
      const request = shapes['kms-sdk'](target.root, 'ListKeys', parameters);
      isSuccess(await send(target.https, request));
      isRefusal(await send(target.https, request), 400, 'SignatureNonceUsed');
      isSuccess(await kms('ListAliases', parameters, { common: { SignatureNonce: undefined, Timestamp } }));
    }
  });

  test("2: parameters signed as they came, empty ones too, query and form merged; !'()* bare; + is a blank", async () => {
    for (const shape of Object.keys(shapes)) {
      const { CiphertextBlob } = await call(shape, 'Encrypt', { KeyId: await newKey(), Plaintext: odd });
      assert.equal((await call(shape, 'Decrypt', { CiphertextBlob })).Plaintext, odd, shape);
    }

    const form = { method: 'POST', place: 'form', wireEncode: (text) => percentEncode(text).replace(/%20/g, '+') };
    const { CiphertextBlob } = isSuccess(await kms('Encrypt', { KeyId: await newKey(), Plaintext: odd }, form));
    assert.equal(isSuccess(await kms('Decrypt', { CiphertextBlob }, form)).Plaintext, odd);
  });

  test('3: Format in any case, XML for every action', async () => {
    const key = await newKey();
    for (const Format of ['json', 'Json', 'JSON']) {
      isSuccess(await kms('ListKeys', {}, { common: { Format } }));
    }

    for (const [action, parameters] of [['DescribeKey', { KeyId: key }], ['Encrypt', { KeyId: key, Plaintext: 'x' }], ['ListAliases', {}], ['GetSecretValue', { SecretName: 'none' }]]) {
      for (const Format of ['XML', 'xml']) {
        const { text, headers } = await kms(action, parameters, { common: { Format } });
        assert.equal(headers['content-type'], 'text/xml;charset=utf-8');
        assert.match(text, action === 'GetSecretValue' ? /<Error>.*<Code>/s : new RegExp(`<${action}Response>.*</${action}Response>`, 's'));
      }
    }
  });

  test('4: EncryptionContext as JSON, empty, {}, null and flattened', async () => {
    const KeyId = await newKey();
    const none = ['', '{}', 'null'];
    for (const sealing of none) {
      const { CiphertextBlob } = isSuccess(await kms('Encrypt', { KeyId, Plaintext: 'x', EncryptionContext: sealing }));
      for (const EncryptionContext of none) {
        isSuccess(await kms('Decrypt', { CiphertextBlob, EncryptionContext }));
      }

      isRefusal(await kms('Decrypt', { CiphertextBlob, EncryptionContext: '{"a":"1"}' }), 400, 'InvalidParameter', 'CiphertextBlob');
    }

    const { CiphertextBlob } = await call('aliyungo', 'Encrypt', { KeyId, Plaintext: 'x', EncryptionContext: '{"a":"1","b":"2"}' });
    await call('terraform', 'Decrypt', { CiphertextBlob, EncryptionContext: '{"b":"2","a":"1"}' });
  });

  test('5: the token of a session as SecurityToken, STSToken and x-acs-security-token', async () => {
    const { securityToken: token, ...credentials } = await openSession();
    const parameters = { KeyId: await newKey(), Plaintext: 'x' };
    isSuccess(await kms('Encrypt', { ...parameters, SecurityToken: token }, { credentials }));
    await call('aliyun-python-sdk-core', 'Encrypt', parameters, { ...credentials, securityToken: token });
    const headers = { 'x-acs-security-token': token };
    isSuccess(await send(target.https, acs3Request(credentials, versions.kms, 'Encrypt', parameters, { host: new URL(target.https).host, headers })));
    const both = shapes['kms-sdk'](credentials, 'Encrypt', { ...parameters, SecurityToken: token });
    isSuccess(await send(target.https, { ...both, headers: { ...both.headers, ...headers } }));
    isRefusal(await kms('Encrypt', parameters, { credentials }), 400, 'MissingSecurityToken');
  });

  test('6: NumberOfBytes beats KeySpec', async () => {
    const KeyId = await newKey();
    for (const [KeySpec, NumberOfBytes] of [['AES_256', 16], ['AES_128', 32], ['SM4_128', 16], ['AES_256', 1024]]) {
      const { Plaintext } = await call('aliyun-java-sdk-core', 'GenerateDataKey', { KeyId, KeySpec, NumberOfBytes });
      assert.equal(Buffer.from(Plaintext, 'base64').length, NumberOfBytes);
    }
  });

  test('7: CiphertextBlob is canonical base64 that survives decoding and encoding again', async () => {
    const KeyId = await newKey();
    for (let length = 1; length <= 12; length++) {
      const { CiphertextBlob } = isSuccess(await kms('Encrypt', { KeyId, Plaintext: 'x'.repeat(length) }));
      const again = Buffer.from(CiphertextBlob, 'base64').toString('base64');
      assert.equal(again, CiphertextBlob);
      assert.equal(isSuccess(await kms('Decrypt', { CiphertextBlob: again })).Plaintext, 'x'.repeat(length));
      const url = Buffer.from(CiphertextBlob, 'base64').toString('base64url');
      if (url !== CiphertextBlob) {
        isRefusal(await kms('Decrypt', { CiphertextBlob: url }), 400, 'InvalidParameter', 'CiphertextBlob');
      }
    }
  });

  test('8: Encrypt, GenerateDataKey and Decrypt answer the resolved KeyId and a KeyVersionId', async () => {
    const key = await newKey();
    const AliasName = `alias/${fresh('resolved')}`;
    isSuccess(await kms('CreateAlias', { KeyId: key, AliasName }));
    const version = isSuccess(await kms('DescribeKey', { KeyId: key })).KeyMetadata.PrimaryKeyVersion;
    const sealed = isSuccess(await kms('Encrypt', { KeyId: AliasName, Plaintext: 'x' }));
    const made = isSuccess(await kms('GenerateDataKey', { KeyId: AliasName }));
    const opened = isSuccess(await kms('Decrypt', { CiphertextBlob: made.CiphertextBlob }));
    for (const { KeyId, KeyVersionId } of [sealed, made, opened]) {
      assert.deepEqual([KeyId, KeyVersionId], [key, version]);
    }
  });

  test('9: the error codes that these clients look for', async () => {
    const none = '00000000-0000-4000-8000-000000000000';
    isRefusal(await kms('DescribeKey', { KeyId: none }), 404, 'Forbidden.KeyNotFound');
    isRefusal(await kms('DescribeKey', { KeyId: 'alias/nobody-made-this' }), 404, 'Forbidden.AliasNotFound');
    isRefusal(await kms('GetSecretValue', { SecretName: 'nobody-made-this' }), 404, 'Forbidden.ResourceNotFound');
    const key = await newKey();
    isSuccess(await kms('DisableKey', { KeyId: key }));
    isRefusal(await kms('Encrypt', { KeyId: key, Plaintext: 'x' }), 409, 'Rejected.Disabled');
  });

  test('10: Tags as a JSON array when a key is made, and both families of tag calls', async () => {
    const key = isSuccess(await kms('CreateKey', { Tags: '[{"TagKey":"a","TagValue":"1"}]' })).KeyMetadata.KeyId;
    const tags = async () => isSuccess(await kms('ListResourceTags', { KeyId: key })).Tags.Tag.map((tag) => `${tag.TagKey}=${tag.TagValue}`).sort();
    const resource = { RegionId: target.region, ResourceType: 'key', 'ResourceId.1': key };
    assert.deepEqual(await tags(), ['a=1']);
    isSuccess(await kms('TagResource', { KeyId: key, Tags: '[{"TagKey":"b","TagValue":"2"}]' }));
    isSuccess(await kms('TagResources', { ...resource, 'Tag.1.Key': 'c', 'Tag.1.Value': '3' }));
    assert.deepEqual(await tags(), ['a=1', 'b=2', 'c=3']);
    isSuccess(await kms('UntagResource', { KeyId: key, TagKeys: '["a"]' }));
    isSuccess(await kms('UntagResources', { ...resource, 'TagKey.1': 'b' }));
    const listed = isSuccess(await kms('ListTagResources', resource)).TagResources.TagResource;
    assert.deepEqual(listed.map((tag) => [tag.ResourceId, tag.TagKey, tag.TagValue]), [[key, 'c', '3']]);
  });
});
