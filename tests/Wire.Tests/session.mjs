// Sessions of roles, opened as an administrator would arrange them.
import { ramClients, stsClients } from './clients.mjs';
import { fresh, target } from './target.mjs';

const ram = () => ramClients['ram20150501 (ACS3)'](target.root);

/** Credentials of a new user who may assume every role that lets its own account in. */
export async function newAssumer() {
  const UserName = fresh('assumer');
  await ram().call('CreateUser', { UserName });
  await ram().call('AttachPolicyToUser', { UserName, PolicyName: 'AliyunSTSAssumeRoleAccess', PolicyType: 'System' });
  const { AccessKey } = await ram().call('CreateAccessKey', { UserName });
  return { accessKeyId: AccessKey.AccessKeyId, accessKeySecret: AccessKey.AccessKeySecret };
}

/** The ARN of a new role that trusts a principal. */
export async function newRole(Principal = { RAM: [`acs:ram::${target.account}:root`] }) {
  const Statement = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }];
  const { Role } = await ram().call('CreateRole', { RoleName: fresh('role'), AssumeRolePolicyDocument: JSON.stringify({ Version: '1', Statement }) });
  return Role.Arn;
}

/** The three parts of an answer of AssumeRole as clients take them. */
export const credentialsOf = ({ Credentials }) => ({
  accessKeyId: Credentials.AccessKeyId, accessKeySecret: Credentials.AccessKeySecret, securityToken: Credentials.SecurityToken,
});

/** Credentials of a session that may do everything with keys. */
export async function openSession() {
  const RoleArn = await newRole();
  await ram().call('AttachPolicyToRole', { RoleName: RoleArn.split('/')[1], PolicyName: 'AliyunKMSFullAccess', PolicyType: 'System' });
  return credentialsOf(await stsClients['sts20150401 (ACS3)'](await newAssumer()).call('AssumeRole', { RoleArn, RoleSessionName: 'wire' }));
}
