// What somebody without a valid signature gets: a refusal in JSON, on every path and by every method.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isRefusal } from '../assertions.mjs';
import { acs3, kms, ram, rpc } from '../raw.mjs';
import { rpcRequest, send } from '../signer.mjs';
import { fresh, target, versions } from '../target.mjs';

const stranger = { accessKeyId: 'LTAI5tNobodyIssuedThisKey', accessKeySecret: 'no-secret-at-all-for-it' };
const impostor = { accessKeyId: target.root.accessKeyId, accessKeySecret: 'not-the-secret-of-this-key' };
const kmsActions = [
  'CreateKey', 'DescribeKey', 'ListKeys', 'EnableKey', 'DisableKey', 'UpdateKeyDescription', 'ScheduleKeyDeletion', 'CancelKeyDeletion', 'Encrypt',
  'Decrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', 'CreateAlias', 'UpdateAlias', 'DeleteAlias', 'ListAliases', 'ListAliasesByKeyId',
  'TagResource', 'UntagResource', 'ListResourceTags', 'DescribeRegions', 'AsymmetricSign', 'GetSecretValue', 'OpenKmsService',
];
const ramActions = [
  'CreateUser', 'GetUser', 'ListUsers', 'DeleteUser', 'CreateAccessKey', 'ListAccessKeys', 'UpdateAccessKey', 'DeleteAccessKey', 'CreatePolicy', 'GetPolicy',
  'ListPolicies', 'DeletePolicy', 'AttachPolicyToUser', 'DetachPolicyFromUser', 'ListPoliciesForUser', 'CreateGroup', 'CreateRole',
];
const every = [
  ...kmsActions.map((action) => [versions.kms, action]), ...ramActions.map((action) => [versions.ram, action]),
  [versions.sts, 'AssumeRole'], [versions.sts, 'GetCallerIdentity'],
];
const unsigned = { AccessKeyId: undefined, SignatureMethod: undefined, SignatureVersion: undefined, SignatureNonce: undefined, Timestamp: undefined };

function withoutSignature(version, action, method) {
  const request = rpcRequest(stranger, version, action, {}, { method, common: unsigned });
  return { ...request, path: request.path.replace(/&Signature=[^&]*/, '') };
}

describe('every action', () => {
  for (const [version, action] of every) {
    test(`${action} (${version}) without a signature, with a stranger's and with a wrong one`, async () => {
      for (const method of ['GET', 'POST']) {
        isRefusal(await send(target.http, withoutSignature(version, action, method)), 400, 'MissingAccessKeyId', 'AccessKeyId');
        isRefusal(await rpc(version, action, {}, { credentials: stranger, method }), 404, 'InvalidAccessKeyId.NotFound');
        isRefusal(await rpc(version, action, {}, { credentials: impostor, method }), 400, 'SignatureDoesNotMatch');
        isRefusal(await acs3(action, {}, { credentials: stranger, version, method }), 404, 'InvalidAccessKeyId.NotFound');
        isRefusal(await acs3(action, {}, { credentials: impostor, version, method }), 400, 'SignatureDoesNotMatch');
      }
    });
  }
});

describe('every other path', () => {
  const paths = [
    '/x', '/kms', '/index.html', '/internal/v1/resolve', '/internal/v1/Encrypt', '/internal/v1/CreateKey', '/internal/v1/EnsureServiceKey',
    '//', '/./x', '/%2e%2e/x', '/..;/', '/healthz', '/healthz/other', '/metrics', '/.well-known/anything', '/Internal/V1/Resolve',
  ];
  for (const path of paths) {
    test(`${path} is not there, by any method`, async () => {
      for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
        const answer = await send(target.http, { method, path, headers: {} });
        assert.equal(answer.status, 404, `${method} ${path}: ${answer.text}`);
        assert.ok(answer.json !== null && typeof answer.json.Code === 'string', `${method} ${path} answers JSON: ${answer.text}`);
      }
    });
  }

  test('a signed request is served at / only', async () => {
    const request = rpcRequest(target.root, versions.kms, 'ListKeys', {});
    const answer = await send(target.http, { ...request, path: request.path.replace('/?', '/kms?') });
    assert.equal(answer.status, 404);
  });
});

describe('other methods on /', () => {
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    test(`${method} is refused, also when it is signed`, async () => {
      isRefusal(await send(target.http, { method, path: '/', headers: {} }), 403, 'UnsupportedHTTPMethod');
      isRefusal(await kms('ListKeys', {}, { method }), 403, 'UnsupportedHTTPMethod');
    });
  }
});

describe('the health pages', () => {
  for (const page of ['/healthz/live', '/healthz/ready']) {
    test(`${page} answers without a signature, and nothing else`, async () => {
      const answer = await send(target.http, { method: 'GET', path: page, headers: {} });
      assert.equal(answer.status, 200);
      assert.ok(!answer.text.includes(target.account), 'it tells no account');
    });
  }
});

describe('half a signature', () => {
  for (const [missing, code] of [
    ['AccessKeyId', 'MissingAccessKeyId'], ['Timestamp', 'MissingTimestamp'], ['SignatureMethod', 'MissingSignatureMethod'],
    ['SignatureVersion', 'MissingSignatureVersion'], ['Action', 'MissingAction'], ['Version', 'MissingVersion'],
  ]) {
    test(`${missing} is missing`, async () => {
      isRefusal(await kms('ListKeys', {}, { common: { [missing]: undefined } }), 400, code, missing);
    });
  }

  for (const [title, common, code] of [
    ['an unknown signature method', { SignatureMethod: 'HMAC-MD5' }, 'InvalidSignatureMethod'],
    ['an unknown signature version', { SignatureVersion: '2.0' }, 'InvalidSignatureVersion'],
    ['a time stamp that is none', { Timestamp: 'yesterday' }, 'InvalidTimeStamp.Format'],
    ['a time stamp with an offset', { Timestamp: '2026-03-01T08:30:00+08:00' }, 'InvalidTimeStamp.Format'],
  ]) {
    test(title, async () => isRefusal(await kms('ListKeys', {}, { common }), 400, code));
  }

  for (const [title, signature] of [['empty', ''], ['not base64', '!!!'], ['too short', 'AAAA'], ['of the right length', Buffer.alloc(20).toString('base64')]]) {
    test(`a signature that is ${title}`, async () => {
      const answer = await kms('ListKeys', {}, { signature });
      isRefusal(answer, 400, signature === '' ? 'MissingSignature' : 'SignatureDoesNotMatch');
    });
  }

  test('an Authorization header that is none of ours', async () => {
    for (const authorization of ['Bearer x', 'Basic eDp5', 'ACS3-HMAC-SHA256', 'ACS3-HMAC-SHA256 Credential=x', 'acs LTAI:abc']) {
      const answer = await send(target.http, { method: 'POST', path: '/', headers: { authorization, 'x-acs-action': 'ListKeys', 'x-acs-version': versions.kms } });
      assert.equal(answer.status, 400, `${authorization}: ${answer.text}`);
      assert.equal(typeof answer.json?.Code, 'string', answer.text);
    }
  });

  test('a wrong signature burns no nonce', async () => {
    const common = { SignatureNonce: fresh('nonce') };
    isRefusal(await kms('ListKeys', {}, { common, credentials: impostor }), 400, 'SignatureDoesNotMatch');
    assert.equal((await kms('ListKeys', {}, { common })).status, 200);
  });

  test('the expected signature is nowhere in the answer, and the string to sign is last', async () => {
    const request = rpcRequest(target.root, versions.kms, 'ListKeys', {});
    const good = decodeURIComponent(/Signature=([^&]+)$/.exec(request.path)[1]);
    const answer = await send(target.http, { ...request, path: request.path.replace(/Signature=[^&]+$/, 'Signature=AAAA') });
    isRefusal(answer, 400, 'SignatureDoesNotMatch');
    assert.ok(!answer.text.includes(good));
    assert.match(answer.json.Message, /^Specified signature is not matched with our calculation\. server string to sign is:POST&%2F&[^ \n]+$/);
  });

  test('a changed parameter is refused', async () => {
    const request = rpcRequest(target.root, versions.ram, 'GetUser', { UserName: 'alice' });
    isRefusal(await send(target.http, { ...request, path: request.path.replace('alice', 'bob') }), 400, 'SignatureDoesNotMatch');
  });

  test('what is not a form is not parsed', async () => {
    const request = rpcRequest(target.root, versions.ram, 'ListUsers', {});
    const answer = await send(target.http, { ...request, headers: { 'content-type': 'application/json' }, body: '{"UserName":"x"}' });
    assert.equal(answer.status, 400, answer.text);
    assert.equal(typeof answer.json?.Code, 'string', answer.text);
  });
});

describe('undecodable', () => {
  for (const [title, tail] of [['a bad escape', '&X=%zz'], ['half an escape', '&X=%4'], ['bytes that are not UTF-8', '&X=%ff%fe'], ['an overlong zero', '&X=%c0%80']]) {
    test(`${title} in the query`, async () => {
      const request = rpcRequest(target.root, versions.kms, 'ListKeys', {});
      isRefusal(await send(target.http, { ...request, path: request.path + tail }), 400, 'ParseRequestParameterException');
    });
    test(`${title} in the form`, async () => {
      const request = rpcRequest(target.root, versions.kms, 'ListKeys', {}, { place: 'form' });
      isRefusal(await send(target.http, { ...request, body: request.body + tail }), 400, 'ParseRequestParameterException');
    });
  }
});

test('RAM tells a stranger nothing about users', async () => {
  const one = await ram('GetUser', { UserName: 'alice' }, { credentials: stranger });
  const other = await ram('GetUser', { UserName: 'nobody' }, { credentials: stranger });
  assert.equal(one.json.Message, other.json.Message);
});
