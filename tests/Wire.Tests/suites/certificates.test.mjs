// Certificates, with the official clients that can send them: openssl checks the request, is the authority, and is the other side.
import assert from 'node:assert/strict';
import { constants, publicEncrypt, verify, X509Certificate } from 'node:crypto';
import { chain, issue, Subject } from '../authority.mjs';
import { describeActions } from '../kms-actions.mjs';

const without = ['kms20160120 (1.0)'];
const nowhere = '00000000-0000-4000-8000-000000000000';
const invalid = { status: 400, code: 'InvalidParameter' };
const missing = { status: 400, code: 'MissingParameter' };
const notFound = { status: 404, code: 'Certificate.NotFound' };
const notNow = { status: 400, code: 'Rejected.UnsupportedOperation' };
const fixed = { status: 409, code: 'Rejected.StateModifiedFailed' };

const create = (kms, KeySpec = 'RSA_2048', more = {}) => kms.call('CreateCertificate', { KeySpec, Subject, ...more });
const pending = async (kms) => (await create(kms)).CertificateId;
const describeOne = (kms, CertificateId) => kms.call('DescribeCertificate', { CertificateId });

async function issued(kms, KeySpec) {
  const { CertificateId, Csr } = await create(kms, KeySpec);
  const Certificate = issue(Csr);
  await kms.call('UploadCertificate', { CertificateId, Certificate, CertificateChain: chain });
  return { CertificateId, certificate: new X509Certificate(Certificate) };
}

const message = Buffer.from('a message, 消息');
const Message = message.toString('base64');

describeActions({
  CreateCertificate: {
    without,
    async happy(kms) {
      const { Csr, CertificateId, Arn } = await create(kms, 'EC_P256', { SubjectAlternativeNames: '["a.example.com"]', ExportablePrivateKey: 'false' });
      assert.ok(Arn.endsWith(`:certificate/${CertificateId}`));
      issue(Csr);
      const described = await describeOne(kms, CertificateId);
      assert.deepEqual([described.Status, described.KeySpec, described.ExportablePrivateKey], ['PENDING', 'EC_P256', false]);
      assert.deepEqual(described.SubjectAlternativeNames, ['a.example.com']);
    },
    refused: {
      'SM2': [{ KeySpec: 'EC_SM2', Subject }, { status: 400, code: 'UnsupportedOperation' }],
      'a subject without O': [{ KeySpec: 'EC_P256', Subject: 'CN=a,OU=b,C=CN' }, invalid],
      'an address as a name': [{ KeySpec: 'EC_P256', Subject, SubjectAlternativeNames: '["127.0.0.1"]' }, invalid],
      'no subject': [{ KeySpec: 'EC_P256' }, missing],
    },
  },
  UploadCertificate: {
    without,
    async happy(kms) {
      const { CertificateId, certificate } = await issued(kms, 'RSA_2048');
      const described = await describeOne(kms, CertificateId);
      assert.deepEqual([described.Status, described.Issuer, described.Serial], ['ACTIVE', 'CN=Test CA', certificate.serialNumber]);
    },
    refused: {
      'the certificate of another key': [async (kms) => ({ CertificateId: await pending(kms), Certificate: chain }), invalid],
      'a second one': [async (kms) => ({ CertificateId: (await issued(kms)).CertificateId, Certificate: chain }), fixed],
      'an unknown certificate': [{ CertificateId: nowhere, Certificate: chain }, notFound],
    },
  },
  GetCertificate: {
    without,
    async happy(kms) {
      const { CertificateId, certificate } = await issued(kms, 'EC_P256');
      const got = await kms.call('GetCertificate', { CertificateId });
      assert.equal(new X509Certificate(got.Certificate).fingerprint256, certificate.fingerprint256);
      assert.equal(got.CertificateChain, chain);
    },
    refused: { 'an unknown certificate': [{ CertificateId: nowhere }, notFound], 'what is no id': [{ CertificateId: 'x' }, invalid] },
  },
  DescribeCertificate: {
    without,
    async happy(kms) {
      const { CertificateId } = await create(kms);
      await kms.call('TagResource', { CertificateId, Tags: '[{"TagKey":"team","TagValue":"a"}]' });
      assert.deepEqual((await describeOne(kms, CertificateId)).Tags, { team: 'a' });
      await kms.call('UntagResource', { CertificateId, TagKeys: '["team"]' });
      assert.deepEqual((await describeOne(kms, CertificateId)).Tags, {});
    },
    refused: { 'an unknown certificate': [{ CertificateId: nowhere }, notFound] },
  },
  UpdateCertificateStatus: {
    without,
    async happy(kms) {
      const { CertificateId } = await issued(kms, 'EC_P256');
      for (const [Status, expected] of [['DISABLED', 'INACTIVE'], ['ACTIVE', 'ACTIVE'], ['REVOKED', 'REVOKED']]) {
        await kms.call('UpdateCertificateStatus', { CertificateId, Status });
        assert.equal((await describeOne(kms, CertificateId)).Status, expected);
      }
    },
    refused: {
      'one that is pending': [async (kms) => ({ CertificateId: await pending(kms), Status: 'ACTIVE' }), fixed],
      'a status that is none': [async (kms) => ({ CertificateId: (await issued(kms)).CertificateId, Status: 'PENDING' }), invalid],
      'an unknown certificate': [{ CertificateId: nowhere, Status: 'ACTIVE' }, notFound],
    },
  },
  CertificatePrivateKeySign: {
    without,
    async happy(kms) {
      const { CertificateId, certificate } = await issued(kms, 'RSA_2048');
      const { SignatureValue } = await kms.call('CertificatePrivateKeySign', { CertificateId, Algorithm: 'RSA_PSS_SHA_256', Message });
      const key = { key: certificate.publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
      assert.ok(verify('sha256', message, key, Buffer.from(SignatureValue, 'base64')));
    },
    refused: {
      'one that is pending': [async (kms) => ({ CertificateId: await pending(kms), Algorithm: 'RSA_PSS_SHA_256', Message }), notNow],
      'an algorithm of other keys': [async (kms) => ({ CertificateId: (await issued(kms)).CertificateId, Algorithm: 'ECDSA_SHA_256', Message }), invalid],
      'an unknown certificate': [{ CertificateId: nowhere, Algorithm: 'ECDSA_SHA_256', Message }, notFound],
    },
  },
  CertificatePublicKeyVerify: {
    without,
    async happy(kms) {
      const { CertificateId } = await issued(kms, 'EC_P256');
      const use = { CertificateId, Algorithm: 'ECDSA_SHA_256', Message };
      const { SignatureValue } = await kms.call('CertificatePrivateKeySign', use);
      assert.equal((await kms.call('CertificatePublicKeyVerify', { ...use, SignatureValue })).SignatureValid, true);
      assert.equal((await kms.call('CertificatePublicKeyVerify', { ...use, Message: 'AAAA', SignatureValue })).SignatureValid, false);
    },
    refused: { 'an unknown certificate': [{ CertificateId: nowhere, Algorithm: 'ECDSA_SHA_256', Message, SignatureValue: 'AAAA' }, notFound] },
  },
  CertificatePublicKeyEncrypt: {
    without,
    async happy(kms) {
      const { CertificateId } = await issued(kms, 'RSA_2048');
      const use = { CertificateId, Algorithm: 'RSAES_OAEP_SHA_256' };
      const { CiphertextBlob } = await kms.call('CertificatePublicKeyEncrypt', { ...use, Plaintext: Message });
      assert.equal((await kms.call('CertificatePrivateKeyDecrypt', { ...use, CiphertextBlob })).Plaintext, Message);
    },
    refused: { 'an unknown certificate': [{ CertificateId: nowhere, Algorithm: 'RSAES_OAEP_SHA_1', Plaintext: Message }, notFound] },
  },
  CertificatePrivateKeyDecrypt: {
    without,
    async happy(kms) {
      const { CertificateId, certificate } = await issued(kms, 'RSA_2048');
      const key = { key: certificate.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
      const CiphertextBlob = publicEncrypt(key, message).toString('base64');
      assert.equal((await kms.call('CertificatePrivateKeyDecrypt', { CertificateId, Algorithm: 'RSAES_OAEP_SHA_256', CiphertextBlob })).Plaintext, Message);
    },
    refused: {
      'what does not open': [async (kms) => ({ CertificateId: (await issued(kms)).CertificateId, Algorithm: 'RSAES_OAEP_SHA_256', CiphertextBlob: 'AAAA' }), invalid],
      'an unknown certificate': [{ CertificateId: nowhere, Algorithm: 'RSAES_OAEP_SHA_256', CiphertextBlob: 'AAAA' }, notFound],
    },
  },
  DeleteCertificate: {
    without,
    async happy(kms) {
      const { CertificateId } = await issued(kms, 'EC_P256');
      await kms.call('DeleteCertificate', { CertificateId });
      await assert.rejects(() => describeOne(kms, CertificateId), { code: 'Certificate.NotFound' });
    },
    refused: { 'an unknown certificate': [{ CertificateId: nowhere }, notFound] },
  },
});
