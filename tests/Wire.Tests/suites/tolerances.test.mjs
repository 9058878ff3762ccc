// What clients in the wild send and a compatible server must survive (audit-and-service-keys.md C3, kms-api.md section 1).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isRefusal, isSuccess } from '../assertions.mjs';
import { legacyKms } from '../clients.mjs';
import { acs3, kms, ram } from '../raw.mjs';
import { acs3Request, percentEncode, rpcRequest, send, stampNow } from '../signer.mjs';
import { fresh, target, versions } from '../target.mjs';

const newKey = async () => isSuccess(await kms('CreateKey')).KeyMetadata.KeyId;
const encrypt = async (parameters, options) => isSuccess(await kms('Encrypt', { KeyId: await newKey(), ...parameters }, options));
const decrypt = async (parameters) => isSuccess(await kms('Decrypt', parameters));

describe('signature 1.0', () => {
  test('no nonce is accepted, and the signature itself is what may not repeat', async () => {
    const request = rpcRequest(target.root, versions.kms, 'ListKeys', {}, { common: { SignatureNonce: undefined } });
    isSuccess(await send(target.http, request));
    isRefusal(await send(target.http, request), 400, 'SignatureNonceUsed');
  });

  test('a repeated nonce is refused, also with another signature', async () => {
    const common = { SignatureNonce: fresh('nonce') };
    isSuccess(await kms('ListKeys', {}, { common }));
    isRefusal(await kms('ListAliases', {}, { common }), 400, 'SignatureNonceUsed');
  });

  test('the same request twice at once: exactly one passes', async () => {
    const request = rpcRequest(target.root, versions.kms, 'ListKeys', {});
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(target.http, request)));
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 400, 400, 400, 400, 400, 400, 400]);
  });

  test('milliseconds in the time stamp are accepted from a client that sends no nonce', async () => {
    isSuccess(await kms('ListKeys', {}, { common: { Timestamp: new Date().toISOString(), SignatureNonce: undefined } }));
  });

  for (const [title, offset, code] of [
    ['14 minutes ahead', 14 * 60, null],
    ['16 minutes ahead', 16 * 60, 'InvalidTimeStamp.Expired'],
    ['16 minutes old', -16 * 60, 'InvalidTimeStamp.Expired'],
    ['older than this process', -10 * 60, 'InvalidTimeStamp.Expired'],
  ]) {
    test(`a time stamp ${title} is ${code === null ? 'accepted' : 'refused'}`, async () => {
      const answer = await kms('ListKeys', {}, { common: { Timestamp: stampNow(offset) } });
      if (code === null) {
        isSuccess(answer);
      } else {
        isRefusal(answer, 400, code);
      }
    });
  }

  test("!'()* bare in the signed text are accepted", async () => {
    const Plaintext = "it's (really) *bare*!";
    const bare = (text) => encodeURIComponent(text);
    const sealed = await encrypt({ Plaintext }, { encode: bare });
    assert.equal((await decrypt({ CiphertextBlob: sealed.CiphertextBlob })).Plaintext, Plaintext);
  });

  test("!'()* escaped are accepted", async () => {
    const sealed = await encrypt({ Plaintext: "!'()*" });
    assert.equal((await decrypt({ CiphertextBlob: sealed.CiphertextBlob })).Plaintext, "!'()*");
  });

  test('an empty parameter is part of the signed text and otherwise absent', async () => {
    isSuccess(await kms('ListKeys', { SignatureType: '', Filters: '', PageNumber: '' }));
    const sealed = await encrypt({ Plaintext: 'eA==', EncryptionContext: '' });
    assert.equal((await decrypt({ CiphertextBlob: sealed.CiphertextBlob })).Plaintext, 'eA==');
  });

  test('an empty parameter that was added after signing is refused', async () => {
    const request = rpcRequest(target.root, versions.kms, 'ListKeys', {});
    isRefusal(await send(target.http, { ...request, path: `${request.path}&SignatureType=` }), 400, 'SignatureDoesNotMatch');
  });

  for (const [method, place] of [['GET', 'query'], ['POST', 'query'], ['POST', 'form'], ['POST', 'split']]) {
    test(`${method} with everything in the ${place}`, async () => {
      const sealed = await encrypt({ Plaintext: 'a b+c&d=e', EncryptionContext: '{"a b":"c+d"}' }, { method, place });
      const opened = await kms('Decrypt', { CiphertextBlob: sealed.CiphertextBlob, EncryptionContext: '{"a b":"c+d"}' }, { method, place });
      assert.equal(isSuccess(opened).Plaintext, 'a b+c&d=e');
    });
  }

  test('blanks as + and lower-case hex on the wire', async () => {
    const wireEncode = (text) => percentEncode(text).replace(/%20/g, '+').replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase());
    const sealed = await encrypt({ Plaintext: 'a b*~/+' }, { wireEncode });
    assert.equal((await decrypt({ CiphertextBlob: sealed.CiphertextBlob })).Plaintext, 'a b*~/+');
  });

  test('a GET with the content type of a form and no body', async () => {
    const request = rpcRequest(target.root, versions.kms, 'ListKeys', {}, { method: 'GET' });
    isSuccess(await send(target.http, { ...request, headers: { 'content-type': 'application/x-www-form-urlencoded' } }));
  });

  test('x-acs-action and x-acs-version headers do not choose the operation', async () => {
    const request = rpcRequest(target.root, versions.kms, 'ListKeys', {});
    const answer = await send(target.http, { ...request, headers: { 'x-acs-action': 'CreateKey', 'x-acs-version': versions.ram } });
    assert.ok(Array.isArray(isSuccess(answer).Keys.Key));
  });

  test('unknown parameters and RegionId are ignored', async () => {
    isSuccess(await kms('ListKeys', { RegionId: 'us-east-1', SomethingNew: 'x' }));
  });

  test('booleans in any letter case', async () => {
    isSuccess(await kms('CreateKey', { EnableAutomaticRotation: 'False' }));
  });
});

describe('Format', () => {
  for (const format of ['json', 'JSON', 'Json', undefined]) {
    test(`${format ?? 'absent'} answers JSON`, async () => {
      const answer = await kms('ListKeys', {}, { common: { Format: format } });
      isSuccess(answer);
      assert.equal(answer.headers['content-type'], 'application/json;charset=utf-8');
    });
  }

  for (const format of ['xml', 'XML', 'Xml']) {
    test(`${format} answers XML`, async () => {
      const key = await newKey();
      const answer = await kms('DescribeKey', { KeyId: key }, { common: { Format: format } });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers['content-type'], 'text/xml;charset=utf-8');
      const document = parseXml(answer.text);
      assert.equal(document.name, 'DescribeKeyResponse');
      assert.equal(document.at('KeyMetadata', 'KeyId'), key);
      assert.equal(document.at('RequestId'), answer.headers['x-acs-request-id']);
    });
  }

  test('XML lists repeat the inner element', async () => {
    const key = await newKey();
    await kms('TagResource', { KeyId: key, Tags: '[{"TagKey":"a","TagValue":"1"},{"TagKey":"b","TagValue":"2"}]' });
    const { text } = await kms('ListResourceTags', { KeyId: key }, { common: { Format: 'XML' } });
    const tags = parseXml(text).child('Tags').children.map((tag) => [tag.name, tag.at('TagKey'), tag.at('TagValue')]).sort();
    assert.deepEqual(tags, [['Tag', 'a', '1'], ['Tag', 'b', '2']]);
  });

  test('XML escapes what a caller stored', async () => {
    const Description = '<b> & "q" \' ]]> 密';
    const key = isSuccess(await kms('CreateKey', { Description })).KeyMetadata.KeyId;
    const { text } = await kms('DescribeKey', { KeyId: key }, { common: { Format: 'XML' } });
    assert.equal(parseXml(text).at('KeyMetadata', 'Description'), Description);
  });

  test('XML errors have the root Error', async () => {
    for (const [answer, code] of [
      [await kms('DescribeKey', {}, { common: { Format: 'XML' } }), 'MissingParameter'],
      [await ram('GetUser', { UserName: 'nobody' }, { common: { Format: 'XML' } }), 'EntityNotExist.User'],
    ]) {
      assert.equal(answer.headers['content-type'], 'text/xml;charset=utf-8');
      const document = parseXml(answer.text);
      assert.equal(document.name, 'Error');
      assert.equal(document.at('Code'), code);
      assert.equal(document.at('RequestId'), answer.headers['x-acs-request-id']);
    }
  });

  test('another format is refused by name', async () => {
    isRefusal(await kms('ListKeys', {}, { common: { Format: 'YAML' } }), 400, 'InvalidParameter.Format', 'Format');
  });
});

describe('EncryptionContext', () => {
  const equal = ['', '{}', 'null', undefined];
  for (const [index, sealing] of equal.entries()) {
    test(`${JSON.stringify(sealing) ?? 'absent'} means no context`, async () => {
      const given = (value) => (value === undefined ? {} : { EncryptionContext: value });
      const sealed = await encrypt({ Plaintext: 'eA==', ...given(sealing) });
      const opening = equal[(index + 1) % equal.length];
      assert.equal((await decrypt({ CiphertextBlob: sealed.CiphertextBlob, ...given(opening) })).Plaintext, 'eA==');
    });
  }

  test('a flattened list means the same as JSON', async () => {
    const sealed = await encrypt({
      Plaintext: 'eA==', 'EncryptionContext.1.Key': 'a', 'EncryptionContext.1.Value': '1', 'EncryptionContext.2.Key': 'b', 'EncryptionContext.2.Value': '2',
    });
    assert.equal((await decrypt({ CiphertextBlob: sealed.CiphertextBlob, EncryptionContext: '{"b":"2","a":"1"}' })).Plaintext, 'eA==');
  });

  test('contexts that a naive join would confuse are different', async () => {
    const sealed = await encrypt({ Plaintext: 'eA==', EncryptionContext: '{"a":"b&c=d"}' });
    isRefusal(
      await kms('Decrypt', { CiphertextBlob: sealed.CiphertextBlob, EncryptionContext: '{"a":"b","c":"d"}' }), 400, 'InvalidParameter', 'CiphertextBlob');
  });
});

test('NumberOfBytes beats KeySpec, also one that this service does not know', async () => {
  const made = isSuccess(await kms('GenerateDataKey', { KeyId: await newKey(), KeySpec: 'SM4_128', NumberOfBytes: 16 }));
  assert.equal(Buffer.from(made.Plaintext, 'base64').length, 16);
});

describe('ACS3-HMAC-SHA256', () => {
  for (const [method, place] of [['GET', 'query'], ['POST', 'query'], ['POST', 'form']]) {
    test(`${method} with the parameters in the ${place}`, async () => {
      const sealed = isSuccess(await acs3('Encrypt', { KeyId: await newKey(), Plaintext: "a b'(*)" }, { method, place }));
      assert.equal(isSuccess(await acs3('Decrypt', { CiphertextBlob: sealed.CiphertextBlob }, { method, place })).Plaintext, "a b'(*)");
    });
  }

  test('the nonce is mandatory and may not repeat', async () => {
    isRefusal(await acs3('ListKeys', {}, { headers: { 'x-acs-signature-nonce': undefined } }), 400, 'MissingSignatureNonce');
    const headers = { 'x-acs-signature-nonce': fresh('nonce') };
    isSuccess(await acs3('ListKeys', {}, { headers }));
    isRefusal(await acs3('ListAliases', {}, { headers }), 400, 'SignatureNonceUsed');
  });

  for (const header of ['host', 'x-acs-action', 'x-acs-version', 'x-acs-date', 'x-acs-content-sha256']) {
    test(`${header} must be signed`, async () => {
      isRefusal(await acs3('ListKeys', {}, { unsigned: [header] }), 400, 'IncompleteSignature');
    });
  }

  test('a body that is not the signed one is refused', async () => {
    const request = acs3Request(target.root, versions.kms, 'CreateKey', { Description: 'signed' }, { place: 'form', host: new URL(target.http).host });
    isRefusal(await send(target.http, { ...request, body: request.body.replace('signed', 'forged') }), 400, 'SignatureDoesNotMatch');
  });

  test('Accept: application/xml answers XML', async () => {
    const answer = await acs3('ListKeys', {}, { headers: { accept: 'application/xml' } });
    assert.equal(answer.headers['content-type'], 'text/xml;charset=utf-8');
    assert.equal(parseXml(answer.text).name, 'ListKeysResponse');
  });

  test('an Action in the query that is not the signed header is refused', async () => {
    const answer = await acs3('ListKeys', { Action: 'CreateKey' });
    assert.equal(answer.status, 400, answer.text);
  });

  test('the two schemes in one request are refused', async () => {
    isRefusal(await acs3('ListKeys', { Signature: 'x', AccessKeyId: target.root.accessKeyId }), 400, 'IncompleteSignature');
  });
});

describe('the legacy client kms-sdk 1.1.0, over HTTPS as it insists', () => {
  const client = legacyKms(target.root);

  test('create, describe, alias, encrypt with !\'()*, decrypt, delete', async () => {
    const { KeyMetadata: key } = await client.createKey(undefined, "made by the old client: !'()*");
    assert.equal(key.Description, "made by the old client: !'()*");
    const AliasName = `alias/${fresh('legacy')}`;
    await client.createAlias(key.KeyId, AliasName);
    const sealed = await client.encrypt(AliasName, "it's (really) *old*!", '{"who":"it\'s me (*)!"}');
    const opened = await client.decrypt(sealed.CiphertextBlob, '{"who":"it\'s me (*)!"}');
    assert.equal(opened.Plaintext, "it's (really) *old*!");
    const made = await client.generateDataKey(key.KeyId, 'AES_256');
    assert.equal(Buffer.from(made.Plaintext, 'base64').length, 32);
    await client.disableKey(key.KeyId);
    assert.equal((await client.describeKey(key.KeyId)).KeyMetadata.KeyState, 'Disabled');
    await client.enableKey(key.KeyId);
    await client.scheduleKeyDeletion(key.KeyId, 7);
    await client.cancelKeyDeletion(key.KeyId);
    assert.ok((await client.listKeys(1, 10)).TotalCount >= 1);
    assert.equal((await client.listAliasesByKeyId(key.KeyId)).TotalCount, 1);
    await client.deleteAlias(AliasName);
    assert.ok((await client.describeRegions()).Regions.Region.length >= 1);
  });

  test('an error reaches it as JSON', async () => {
    const answer = await client.describeKey('alias/nobody-made-this');
    assert.equal(answer.Code, 'Forbidden.AliasNotFound');
  });
});

/** Enough of an XML reader for these answers: elements and text, entities and CDATA, nothing else; anything else throws. */
function parseXml(text) {
  let rest = text.replace(/^<\?xml[^>]*\?>\s*/, '');
  const document = element();
  assert.equal(rest.trim(), '', 'one root element');
  return document;

  function element() {
    const open = /^<([A-Za-z][A-Za-z0-9]*)(\/?)>/.exec(rest);
    assert.ok(open !== null, `an element starts: ${rest.slice(0, 60)}`);
    rest = rest.slice(open[0].length);
    const node = { name: open[1], children: [], text: '' };
    node.child = (name) => node.children.find((each) => each.name === name) ?? assert.fail(`${node.name} has a ${name}`);
    node.at = (name, ...more) => (more.length === 0 ? node.child(name).text : node.child(name).at(...more));
    if (open[2] === '/') {
      return node;
    }

    for (;;) {
      const close = `</${node.name}>`;
      if (rest.startsWith(close)) {
        rest = rest.slice(close.length);
        return node;
      }

      if (rest.startsWith('<![CDATA[')) {
        const end = rest.indexOf(']]>');
        node.text += rest.slice(9, end);
        rest = rest.slice(end + 3);
      } else if (rest.startsWith('<')) {
        node.children.push(element());
      } else {
        const end = rest.indexOf('<');
        assert.ok(end > 0, `${node.name} is closed`);
        node.text += unescape(rest.slice(0, end));
        rest = rest.slice(end);
      }
    }
  }

  function unescape(escaped) {
    const named = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
    assert.ok(!/>/.test(escaped) || !escaped.includes(']]>'), 'no bare ]]>');
    return escaped.replace(/&(#x?[0-9A-Fa-f]+|[a-z]+);/g, (all, entity) => (entity.startsWith('#')
      ? String.fromCodePoint(Number(entity.replace('#x', '0x').replace('#', '')))
      : named[entity] ?? assert.fail(`entity ${all}`)));
  }
}
