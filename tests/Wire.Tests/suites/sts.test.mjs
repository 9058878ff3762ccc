// STS with the official clients: every action, sessions used by every client that can carry one, and their end.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import oidcProviderModule from '@alicloud/credentials/dist/src/providers/oidc_role_arn.js';
import roleProviderModule from '@alicloud/credentials/dist/src/providers/ram_role_arn.js';
import staticProviderModule from '@alicloud/credentials/dist/src/providers/static_ak.js';
import { isRefusal, isSuccess, refuses } from '../assertions.mjs';
import { kmsClients, ramClients, stsClients } from '../clients.mjs';
import { Issuer } from '../issuer.mjs';
import * as raw from '../raw.mjs';
import { fresh, target, versions } from '../target.mjs';

const host = new URL(target.https).host;
const roleArn = (name) => `acs:ram::${target.account}:role/${name}`;
const policy = (...statements) => JSON.stringify({ Version: '1', Statement: statements });
const trust = (principal, condition = {}) => policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: principal, Condition: condition });
const wholeAccount = { RAM: [`acs:ram::${target.account}:root`] };
const expired = { status: 400, code: 'InvalidSecurityToken.Expired' };
const utcSeconds = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

const ram = ramClients['ram20150501 (ACS3)'](target.root);
const root = kmsClients['pop-core POST (1.0)'](target.root, versions.kms);
const issuer = new Issuer(process.env.KMSGATEWAY_OIDC_ISSUER);
const provider = process.env.KMSGATEWAY_OIDC_PROVIDER;
let alice;
let keyId;

/** A role whose sessions may use keys; the name of the policy that says so. */
async function newRole(document = trust(wholeAccount), statement = { Effect: 'Allow', Action: 'kms:*', Resource: '*' }) {
  const [RoleName, PolicyName] = [fresh('role'), fresh('policy')];
  await ram.call('CreateRole', { RoleName, AssumeRolePolicyDocument: document });
  await ram.call('CreatePolicy', { PolicyName, PolicyDocument: policy(statement) });
  await ram.call('AttachPolicyToRole', { RoleName, PolicyName, PolicyType: 'Custom' });
  return RoleName;
}

const credentialsOf = ({ Credentials }) => ({
  accessKeyId: Credentials.AccessKeyId, accessKeySecret: Credentials.AccessKeySecret, securityToken: Credentials.SecurityToken,
});

async function open(role, more = {}) {
  return credentialsOf(await stsClients['sts20150401 (ACS3)'](alice, versions.sts)
    .call('AssumeRole', { RoleArn: roleArn(role), RoleSessionName: 'nightly', ...more }));
}

/** Clients of all styles that carry a security token. */
const carriers = Object.fromEntries(Object.entries(kmsClients).filter(([name]) => !name.startsWith('kms20160120')));
const everySts = { ...stsClients, 'pop-core GET (1.0)': kmsClients['pop-core GET (1.0)'], 'openapi-client (ACS3)': kmsClients['openapi-client (ACS3)'] };

before(async () => {
  await issuer.listen();
  await ram.call('CreateUser', { UserName: 'alice' });
  const { AccessKey } = await ram.call('CreateAccessKey', { UserName: 'alice' });
  alice = { accessKeyId: AccessKey.AccessKeyId, accessKeySecret: AccessKey.AccessKeySecret };
  await ram.call('AttachPolicyToUser', { UserName: 'alice', PolicyName: 'AliyunSTSAssumeRoleAccess', PolicyType: 'System' });
  keyId = (await root.call('CreateKey', {})).KeyMetadata.KeyId;
});

after(() => issuer.close());

describe('AssumeRole', () => {
  for (const [name, client] of Object.entries(everySts)) {
    test(`opens a session (${name})`, async () => {
      const role = await newRole();
      const answer = await client(alice, versions.sts).call('AssumeRole', { RoleArn: roleArn(role), RoleSessionName: 'nightly', DurationSeconds: 900 });
      assert.match(answer.Credentials.AccessKeyId, /^STS\.\w+$/);
      assert.match(answer.Credentials.Expiration, utcSeconds);
      assert.ok(Math.abs(Date.parse(answer.Credentials.Expiration) - Date.now() - 900_000) < 60_000);
      assert.equal(answer.AssumedRoleUser.Arn, `${roleArn(role)}/nightly`);
      assert.match(answer.AssumedRoleUser.AssumedRoleId, /^\d{18}:nightly$/);
    });

    test(`is refused where it must be (${name})`, async () => {
      const sts = client(alice, versions.sts);
      const ofRoot = client(target.root, versions.sts);
      const role = await newRole();
      const closed = await newRole(trust({ RAM: [`acs:ram::${target.account}:user/bob`] }));
      const call = (more, who = sts) => () => who.call('AssumeRole', { RoleArn: roleArn(role), RoleSessionName: 'nightly', ...more });
      await refuses(call({}, ofRoot), 403, 'NoPermission');
      await refuses(call({ RoleArn: roleArn(closed) }), 403, 'NoPermission');
      await refuses(call({ RoleArn: roleArn('nothing') }), 404, 'EntityNotExist.Role');
      await refuses(call({ RoleArn: 'role' }), 400, 'InvalidParameter.RoleArn');
      await refuses(call({ RoleSessionName: 'x' }), 400, 'InvalidParameter.RoleSessionName');
      await refuses(call({ DurationSeconds: 899 }), 400, 'InvalidParameter.DurationSeconds');
      await refuses(call({ DurationSeconds: 3601 }), 400, 'InvalidParameter.DurationSeconds');
      await refuses(call({ Policy: '{}' }), 400, 'InvalidParameter.PolicyGrammar');
      await refuses(call({ Policy: ' '.repeat(2049) }), 400, 'InvalidParameter.PolicySize');
    });
  }

  test('sees ExternalId', async () => {
    const role = await newRole(trust(wholeAccount, { StringEquals: { 'sts:ExternalId': 'partner-7' } }));
    await refuses(() => open(role), 403, 'NoPermission');
    await refuses(() => open(role, { ExternalId: 'partner-8' }), 403, 'NoPermission');
    await open(role, { ExternalId: 'partner-7' });
  });
});

describe('a session', () => {
  for (const [name, client] of Object.entries(carriers)) {
    test(`uses keys as its role until that is revoked (${name})`, async () => {
      const role = await newRole();
      const session = await open(role);
      const kms = client(session, versions.kms);
      const { CiphertextBlob } = await kms.call('Encrypt', { KeyId: keyId, Plaintext: 'aGVsbG8=' });
      assert.equal((await kms.call('Decrypt', { CiphertextBlob })).Plaintext, 'aGVsbG8=');
      await kmsClients['pop-core POST (1.0)'](target.root, versions.ram).call('UpdateRole', { RoleName: role, RevokeSessions: true });
      await refuses(() => kms.call('Decrypt', { CiphertextBlob }), expired.status, expired.code);
      assert.equal((await client(await open(role), versions.kms).call('Decrypt', { CiphertextBlob })).Plaintext, 'aGVsbG8=');
    });

    test(`is narrowed by its policy (${name})`, async () => {
      const session = await open(await newRole(), { Policy: policy({ Effect: 'Allow', Action: 'kms:Encrypt', Resource: '*' }) });
      const kms = client(session, versions.kms);
      const { CiphertextBlob } = await kms.call('Encrypt', { KeyId: keyId, Plaintext: 'aGVsbG8=' });
      await refuses(() => kms.call('Decrypt', { CiphertextBlob }), 403, 'Forbidden.NoPermission');
    });

    test(`ends with its role and with its trust (${name})`, async () => {
      const role = await newRole();
      const kms = client(await open(role), versions.kms);
      const encrypt = () => kms.call('Encrypt', { KeyId: keyId, Plaintext: 'aGVsbG8=' });
      await encrypt();
      await ram.call('UpdateRole', { RoleName: role, NewAssumeRolePolicyDocument: trust({ Service: ['ecs.aliyuncs.com'] }) });
      await refuses(encrypt, expired.status, expired.code);
      await ram.call('UpdateRole', { RoleName: role, NewAssumeRolePolicyDocument: trust(wholeAccount) });
      await encrypt();
      const { Policies } = await ram.call('ListPoliciesForRole', { RoleName: role });
      await ram.call('DetachPolicyFromRole', { RoleName: role, PolicyName: Policies.Policy[0].PolicyName, PolicyType: 'Custom' });
      await refuses(encrypt, 403, 'Forbidden.NoPermission');
      await ram.call('DeleteRole', { RoleName: role });
      await refuses(encrypt, expired.status, expired.code);
    });

    test(`needs its own token (${name})`, async () => {
      const role = await newRole();
      const [one, other] = [await open(role), await open(role)];
      const encrypt = (credentials) => () => client(credentials, versions.kms).call('Encrypt', { KeyId: keyId, Plaintext: 'aGVsbG8=' });
      await refuses(encrypt({ ...one, securityToken: undefined }), 400, 'MissingSecurityToken');
      await refuses(encrypt({ ...one, securityToken: other.securityToken }), 400, 'InvalidSecurityToken.MismatchWithAccessKey');
      await refuses(encrypt({ ...one, securityToken: 'CAIS' }), 400, 'InvalidSecurityToken.Malformed');
      await refuses(encrypt({ ...target.root, securityToken: one.securityToken }), 400, 'InvalidSecurityToken.MismatchWithAccessKey');
      await refuses(encrypt({ ...one, accessKeySecret: other.accessKeySecret }), 400, 'SignatureDoesNotMatch');
    });
  }

  test('may bring its token as STSToken or in the header', async () => {
    const { securityToken, ...bare } = await open(await newRole());
    const parameters = { KeyId: keyId, Plaintext: 'aGVsbG8=' };
    isSuccess(await raw.kms('Encrypt', { ...parameters, STSToken: securityToken }, { credentials: bare }));
    isSuccess(await raw.kms('Encrypt', { ...parameters, SecurityToken: securityToken }, { credentials: bare }));
    isSuccess(await raw.acs3('Encrypt', parameters, { credentials: bare, headers: { 'x-acs-security-token': securityToken } }));
    isRefusal(await raw.kms('Encrypt', { ...parameters, STSToken: 'x', SecurityToken: securityToken }, { credentials: bare }), 400, 'InvalidSecurityToken.MismatchWithAccessKey');
  });

  test('assumes the next role, and falls with the first', async () => {
    const first = await newRole(trust(wholeAccount), { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' });
    const second = await newRole(trust({ RAM: [roleArn(first)] }));
    await refuses(() => open(second), 403, 'NoPermission');
    const chained = credentialsOf(await stsClients['sts20150401 (ACS3)'](await open(first), versions.sts)
      .call('AssumeRole', { RoleArn: roleArn(second), RoleSessionName: 'chained' }));
    const kms = carriers['openapi-client (ACS3)'](chained, versions.kms);
    await kms.call('Encrypt', { KeyId: keyId, Plaintext: 'aGVsbG8=' });
    await ram.call('UpdateRole', { RoleName: first, NewAssumeRolePolicyDocument: trust({ RAM: [`acs:ram::${target.account}:user/bob`] }) });
    await refuses(() => kms.call('Encrypt', { KeyId: keyId, Plaintext: 'aGVsbG8=' }), expired.status, expired.code);
  });
});

describe('GetCallerIdentity', () => {
  for (const [name, client] of Object.entries(everySts)) {
    test(`tells root, user and session (${name})`, async () => {
      const role = await newRole();
      const who = async (credentials) => (await client(credentials, versions.sts).call('GetCallerIdentity', {})).Arn;
      assert.equal(await who(target.root), `acs:ram::${target.account}:root`);
      assert.equal(await who(alice), `acs:ram::${target.account}:user/alice`);
      assert.equal(await who(await open(role)), `acs:ram::${target.account}:assumed-role/${role}/nightly`);
      await refuses(() => who({ ...alice, accessKeySecret: 'wrong' }), 400, 'SignatureDoesNotMatch');
    });
  }
});

describe('DecodeDiagnosticMessage', () => {
  for (const [name, client] of Object.entries(ramClients)) {
    test(`opens the diagnosis of a session's denial (${name})`, async () => {
      const role = await newRole(trust(wholeAccount), { Effect: 'Deny', Action: 'kms:Decrypt', Resource: '*' });
      const kms = carriers['openapi-client (ACS3)'](await open(role), versions.kms);
      const denial = await refuses(() => kms.call('Encrypt', { KeyId: keyId, Plaintext: 'aGVsbG8=' }), 403, 'Forbidden.NoPermission');
      const { EncodedDiagnosticMessage } = denial.data.AccessDeniedDetail ?? denial.data.accessDeniedDetail;
      const decoded = (await client(target.root, versions.ram).call('DecodeDiagnosticMessage', { EncodedDiagnosticMessage })).DecodedDiagnosticMessage;
      assert.deepEqual(
        { ...decoded, AuthConditions: decoded.AuthConditions.map(({ ConditionKey }) => ConditionKey) },
        {
          ExplicitDeny: false,
          NoPermissionPolicyType: 'AccountLevelIdentityBasedPolicy',
          AuthAction: 'kms:Encrypt',
          AuthResource: `acs:kms:${target.region}:${target.account}:key/${keyId}`,
          AuthPrincipal: { AuthPrincipalType: 'AssumedRoleUser', AuthPrincipalOwnerId: target.account, AuthPrincipalDisplayName: `${role}:nightly` },
          AuthConditions: ['acs:CurrentTime', 'acs:SecureTransport', 'acs:SourceIp', 'acs:MFAPresent', 'acs:PrincipalARN'],
          MatchedPolicies: [],
        });
      await refuses(() => client(alice, versions.ram).call('DecodeDiagnosticMessage', { EncodedDiagnosticMessage }), 403, 'NoPermission');
      await refuses(
        () => client(target.root, versions.ram).call('DecodeDiagnosticMessage', { EncodedDiagnosticMessage: EncodedDiagnosticMessage.slice(4) }),
        400, 'InvalidParameter.EncodedDiagnosticMessage.Format');
    });
  }
});

describe('AssumeRoleWithOIDC', () => {
  const sts = stsClients['sts20150401 (ACS3)']({ accessKeyId: '', accessKeySecret: '' }, versions.sts);
  const call = (role, OIDCToken, more = {}) =>
    sts.call('AssumeRoleWithOIDC', { OIDCProviderArn: provider, OIDCToken, RoleArn: roleArn(role), RoleSessionName: 'build', ...more });
  const trusting = (condition) => trust({ Federated: [provider] }, condition);

  test('opens a session for whom the trust policy names', async () => {
    const role = await newRole(trusting({ StringEquals: { 'oidc:iss': issuer.address, 'oidc:aud': 'client-1' }, StringLike: { 'oidc:sub': 'repo:acme/*' } }));
    const answer = await call(role, issuer.token());
    assert.equal(answer.OIDCTokenInfo.Subject, 'repo:acme/app');
    assert.equal(answer.OIDCTokenInfo.Issuer, issuer.address);
    assert.equal(answer.AssumedRoleUser.Arn, `${roleArn(role)}/build`);
    for (const client of Object.values(carriers)) {
      await client(credentialsOf(answer), versions.kms).call('Encrypt', { KeyId: keyId, Plaintext: 'aGVsbG8=' });
    }

    await refuses(() => call(role, issuer.token({ sub: 'repo:evil/app' })), 401, 'AuthenticationFail.NoPermission');
  });

  test('refuses every token that is not right', async () => {
    const role = await newRole(trusting());
    const now = Math.floor(Date.now() / 1000);
    const good = issuer.token();
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    await refuses(() => call(role, issuer.token({ exp: now - 1 })), 401, 'AuthenticationFail.OIDCToken.Expired');
    await refuses(() => call(role, issuer.token({ nbf: now + 300 })), 401, 'AuthenticationFail.OIDCToken.Invalid');
    await refuses(() => call(role, issuer.token({ aud: 'client-2' })), 401, 'AuthenticationFail.OIDCToken.AudienceNotMatch');
    await refuses(() => call(role, issuer.token({ iss: 'https://other.example' })), 401, 'AuthenticationFail.OIDCToken.Invalid');
    await refuses(() => call(role, `${none}.${good.split('.')[1]}.`), 401, 'AuthenticationFail.OIDCToken.Invalid');
    await refuses(() => call(role, new Issuer(issuer.address).token({}, { kid: issuer.kid })), 401, 'AuthenticationFail.OIDCToken.InvalidSignature');
    await refuses(() => call(role, good, { OIDCProviderArn: `${provider}-2` }), 401, 'AuthenticationFail.NoPermission');
    await refuses(() => call('nothing', good), 401, 'AuthenticationFail.NoPermission');
    await refuses(() => call(role, good, { DurationSeconds: 899 }), 400, 'InvalidParameter.DurationSeconds');
  });
});

/** Runs with the clients' clock moved: requests are stamped within the 15 minutes that a stamp may be off. */
async function later(seconds, action) {
  const now = Date.now;
  Date.now = () => now() + (seconds * 1000);
  try {
    return await action();
  } finally {
    Date.now = now;
  }
}

describe("the vendor's credential providers", () => {
  const Role = roleProviderModule.default ?? roleProviderModule;
  const Static = staticProviderModule.default ?? staticProviderModule;
  const Oidc = oidcProviderModule.default ?? oidcProviderModule;
  const who = async (credentials) => (await kmsClients['openapi-client (ACS3)'](credentials, versions.sts).call('GetCallerIdentity', {})).Arn;
  const plain = ({ accessKeyId, accessKeySecret, securityToken }) => ({ accessKeyId, accessKeySecret, securityToken });

  test('refresh a session of a role before it expires', async () => {
    const role = await newRole();
    const source = Static.builder().withAccessKeyId(alice.accessKeyId).withAccessKeySecret(alice.accessKeySecret).build();
    const provide = Role.builder().withCredentialsProvider(source).withRoleArn(roleArn(role)).withRoleSessionName('provided')
      .withStsEndpoint(host).withDurationSeconds(1000).build();
    const first = plain(await provide.getCredentials());
    assert.deepEqual(plain(await provide.getCredentials()), first, 'kept while it is fresh');
    const second = plain(await later(200, () => provide.getCredentials()));
    assert.notEqual(second.accessKeyId, first.accessKeyId, 'refreshed early');
    for (const credentials of [first, second]) {
      assert.equal(await who(credentials), `acs:ram::${target.account}:assumed-role/${role}/provided`);
    }
  });

  test('exchange a token file', async () => {
    const role = await newRole(trust({ Federated: [provider] }));
    const directory = mkdtempSync(join(tmpdir(), 'kmsgateway-oidc-'));
    try {
      const file = join(directory, 'token');
      writeFileSync(file, issuer.token());
      const provide = Oidc.builder().withOIDCTokenFilePath(file).withOIDCProviderArn(provider).withRoleArn(roleArn(role))
        .withRoleSessionName('file').withStsEndpoint(host).build();
      assert.equal(await who(plain(await provide.getCredentials())), `acs:ram::${target.account}:assumed-role/${role}/file`);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
