// What ends by itself, while the clock of the service and of its clients really passes the end: sessions, and import tokens.
// The tests run in this order; the clock only goes forward.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import * as Credentials from '@alicloud/credentials';
import { refuses } from '../assertions.mjs';
import { kmsClients, ramClients, stsClients } from '../clients.mjs';
import { leftFor } from '../errors/elsewhere.mjs';
import { fresh, target, versions } from '../target.mjs';

const hour = 3600;
const credentials = Credentials.default?.default === undefined ? Credentials : Credentials.default;
const roleArn = (name) => `acs:ram::${target.account}:role/${name}`;
const root = kmsClients['pop-core POST (1.0)'](target.root, versions.kms);
const ram = ramClients['ram20150501 (ACS3)'](target.root);
const reached = new Set();
let ahead = 0;
let role;
let alice;
let keyId;

/** Moves the clock of everybody forward. */
function passes(seconds) {
  ahead += seconds;
  writeFileSync(process.env.KMSGATEWAY_CLOCK, `+${ahead}\n`);
}

const plain = ({ Credentials: given }) => ({ accessKeyId: given.AccessKeyId, accessKeySecret: given.AccessKeySecret, securityToken: given.SecurityToken });

const open = async (DurationSeconds) => plain(await stsClients['sts20150401 (ACS3)'](alice)
  .call('AssumeRole', { RoleArn: roleArn(role), RoleSessionName: 'nightly', DurationSeconds }));

/** The vendor's own credential client, which renews a session of the role. */
function renewing() {
  const Client = credentials.default;
  const client = new Client(new credentials.Config({
    type: 'ram_role_arn', ...alice, roleArn: roleArn(role), roleSessionName: 'renewed', roleSessionExpiration: hour, stsEndpoint: new URL(target.https).host,
  }));
  return { credential: client, credentialsProvider: { getCredentials: () => client.getCredential() } };
}

const carriers = Object.fromEntries(Object.entries(kmsClients).filter(([name]) => !name.startsWith('kms20160120')));
const encrypt = (client, who) => client(who, versions.kms).call('Encrypt', { KeyId: keyId, Plaintext: 'aGVsbG8=' });

before(async () => {
  role = fresh('role');
  const statement = (more) => JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', ...more }] });
  const everybody = { RAM: [`acs:ram::${target.account}:root`] };
  await ram.call('CreateRole', { RoleName: role, AssumeRolePolicyDocument: statement({ Action: 'sts:AssumeRole', Principal: everybody }) });
  await ram.call('AttachPolicyToRole', { RoleName: role, PolicyName: 'AliyunKMSCryptoUserAccess', PolicyType: 'System' });
  await ram.call('CreateUser', { UserName: 'alice' });
  await ram.call('AttachPolicyToUser', { UserName: 'alice', PolicyName: 'AliyunSTSAssumeRoleAccess', PolicyType: 'System' });
  const { AccessKey } = await ram.call('CreateAccessKey', { UserName: 'alice' });
  alice = { accessKeyId: AccessKey.AccessKeyId, accessKeySecret: AccessKey.AccessKeySecret };
  keyId = (await root.call('CreateKey', {})).KeyMetadata.KeyId;
});

describe('a session ends at its hour', () => {
  let sessions;
  let renewed;

  before(async () => {
    sessions = await Promise.all(Object.values(carriers).map(() => open(900)));
    renewed = Object.values(carriers).map(() => renewing());
  });

  test('it is used before', async () => {
    for (const [index, client] of Object.values(carriers).entries()) {
      await encrypt(client, sessions[index]);
      await encrypt(client, renewed[index]);
    }
  });

  test('it is used 20 seconds before its end', async () => {
    passes(880);
    for (const [index, client] of Object.values(carriers).entries()) {
      await encrypt(client, sessions[index]);
    }
  });

  for (const [index, [name, client]] of Object.entries(carriers).entries()) {
    test(`it is refused after its end (${name})`, async () => {
      passes(index === 0 ? 40 : 0);
      await refuses(() => encrypt(client, sessions[index]), 400, 'InvalidSecurityToken.Expired');
    });

    test(`a client that renews its session is served on (${name})`, async () => {
      const before = await renewed[index].credential.getCredential();
      passes(2 * hour);
      await refuses(() => encrypt(client, before), 400, 'InvalidSecurityToken.Expired');
      await encrypt(client, renewed[index]);
      assert.notEqual((await renewed[index].credential.getCredential()).accessKeyId, before.accessKeyId);
    });
  }
});

test('a token for an import ends after 24 hours', async () => {
  const { importInto } = await import('../errors/kms-cases.mjs');
  const { KeyMetadata } = await root.call('CreateKey', { Origin: 'EXTERNAL' });
  const early = await importInto(KeyMetadata.KeyId);
  const late = await importInto(KeyMetadata.KeyId);
  passes((24 * hour) - 20);
  await root.call('ImportKeyMaterial', early);
  passes(40);
  for (const [, client] of Object.entries(kmsClients)) {
    await refuses(() => client(target.root, versions.kms).call('ImportKeyMaterial', late), 400, 'ExpiredImportToken');
  }

  reached.add('ImportKeyMaterial ExpiredImportToken');
});

test('every error that another suite leaves to this one was provoked', () => {
  assert.deepEqual(leftFor('clock').filter((error) => !reached.has(error)), []);
});
