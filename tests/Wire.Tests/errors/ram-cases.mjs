// What each served RAM action is called with, and what provokes the errors that the rules do not.
import { kmsClients, ramClients } from '../clients.mjs';
import { fresh, target, versions } from '../target.mjs';
import { changed, parametersOf } from './driver.mjs';
import { penniless } from './penniless.mjs';

const root = ramClients['pop-core POST (1.0)'](target.root, versions.ram);
const call = (action, parameters) => root.call(action, parameters);
const PolicyDocument = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:ListKeys","Resource":"acs:kms:*:*:key"}]}';
const AssumeRolePolicyDocument = JSON.stringify({
  Version: '1', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: [`acs:ram::${target.account}:root`] } }],
});

/** Makes one, and answers its name as the parameter that takes it. */
const make = {
  User: () => named('CreateUser', 'UserName', 'user'),
  Group: () => named('CreateGroup', 'GroupName', 'group'),
  Role: () => named('CreateRole', 'RoleName', 'role', { AssumeRolePolicyDocument }),
  Policy: async () => ({ ...await named('CreatePolicy', 'PolicyName', 'policy', { PolicyDocument }), PolicyType: 'Custom' }),
};

async function named(action, parameter, prefix, more = {}) {
  const name = { [parameter]: fresh(prefix) };
  await call(action, { ...name, ...more });
  return name;
}

const ownPolicy = async () => ({ PolicyName: (await make.Policy()).PolicyName });

async function userWithKey() {
  const user = await make.User();
  const { AccessKey } = await call('CreateAccessKey', user);
  return { ...user, UserAccessKeyId: AccessKey.AccessKeyId };
}

async function policyWithTwoVersions() {
  const policy = await ownPolicy();
  const { PolicyVersion } = await call('CreatePolicyVersion', { ...policy, PolicyDocument });
  return { ...policy, VersionId: PolicyVersion.VersionId };
}

const holders = { User: 'To', Group: 'To', Role: 'To' };
const holding = async (holder) => ({ ...await make[holder](), ...await make.Policy() });

async function attached(holder) {
  const both = await holding(holder);
  await call(`AttachPolicyTo${holder}`, both);
  return both;
}

async function member() {
  const both = { ...await make.User(), ...await make.Group() };
  await call('AddUserToGroup', both);
  return both;
}

const only = (...names) => (both) => Object.fromEntries(names.map((name) => [name, both[name]]));

/** The error of a diagnosis that somebody was given. */
async function diagnosis() {
  try {
    await kmsClients['openapi-client (ACS3)'](await penniless(), versions.kms).call('ListKeys', {});
  } catch (error) {
    const { EncodedDiagnosticMessage } = error.data.AccessDeniedDetail ?? error.data.accessDeniedDetail;
    return { EncodedDiagnosticMessage };
  }

  throw new Error('a user without policies was allowed to list keys');
}

/** The same call once more. */
const twice = (action) => async (given) => {
  await call(action, parametersOf(given));
  return parametersOf(given);
};

const attachments = Object.fromEntries(Object.keys(holders).flatMap((holder) => [
  [`AttachPolicyTo${holder}`, { given: () => holding(holder), refused: { [`EntityAlreadyExists.${holder}.Policy`]: twice(`AttachPolicyTo${holder}`) } }],
  [`DetachPolicyFrom${holder}`, { given: () => attached(holder), refused: { [`EntityNotExist.${holder}.Policy`]: twice(`DetachPolicyFrom${holder}`) } }],
  [`ListPoliciesFor${holder}`, { given: make[holder] }],
]));

export const cases = {
  CreateUser: { given: () => ({ UserName: fresh('user') }), refused: { 'EntityAlreadyExists.User': twice('CreateUser') } },
  GetUser: { given: make.User },
  ListUsers: { given: () => ({}) },
  UpdateUser: { given: async () => ({ ...await make.User(), NewComments: 'x' }), refused: {
    'EntityAlreadyExists.User': async (given) => ({ ...given, NewUserName: (await make.User()).UserName }),
  } },
  DeleteUser: { given: make.User, refused: {
    'DeleteConflict.User.AccessKey': async () => only('UserName')(await userWithKey()),
    'DeleteConflict.User.Group': async () => only('UserName')(await member()),
    'DeleteConflict.User.Policy': async () => only('UserName')(await attached('User')),
  } },
  CreateAccessKey: { given: make.User },
  ListAccessKeys: { given: make.User },
  UpdateAccessKey: { given: async () => ({ ...await userWithKey(), Status: 'Inactive' }) },
  DeleteAccessKey: { given: userWithKey },
  GetAccessKeyLastUsed: { given: userWithKey },
  GetAccountSummary: { given: () => ({}) },
  CreateGroup: { given: () => ({ GroupName: fresh('group') }), refused: { 'EntityAlreadyExists.Group': twice('CreateGroup') } },
  GetGroup: { given: make.Group },
  ListGroups: { given: () => ({}) },
  UpdateGroup: { given: async () => ({ ...await make.Group(), NewComments: 'x' }), refused: {
    'EntityAlreadyExists.Group': async (given) => ({ ...given, NewGroupName: (await make.Group()).GroupName }),
  } },
  DeleteGroup: { given: make.Group, refused: {
    'DeleteConflict.Group.User': async () => only('GroupName')(await member()),
    'DeleteConflict.Group.Policy': async () => only('GroupName')(await attached('Group')),
  } },
  AddUserToGroup: { given: async () => ({ ...await make.User(), ...await make.Group() }), refused: { 'EntityAlreadyExists.User.Group': twice('AddUserToGroup') } },
  RemoveUserFromGroup: { given: member, refused: { 'EntityNotExist.User.Group': twice('RemoveUserFromGroup') } },
  ListGroupsForUser: { given: make.User },
  ListUsersForGroup: { given: make.Group },
  CreatePolicy: { given: () => ({ PolicyName: fresh('policy'), PolicyDocument }), refused: { 'EntityAlreadyExists.Policy': twice('CreatePolicy') } },
  GetPolicy: { given: make.Policy },
  ListPolicies: { given: () => ({}) },
  UpdatePolicyDescription: { given: async () => ({ ...await ownPolicy(), NewDescription: 'x' }), refused: {
    'InvalidParameter.Description.Length': changed({ NewDescription: 'x'.repeat(1025) }),
  } },
  DeletePolicy: { given: ownPolicy, refused: Object.fromEntries([
    ...Object.keys(holders).map((holder) => [`DeleteConflict.Policy.${holder}`, async () => only('PolicyName')(await attached(holder))]),
    ['DeleteConflict.Policy.Version', async () => only('PolicyName')(await policyWithTwoVersions())],
  ]) },
  CreatePolicyVersion: { given: async () => ({ ...await ownPolicy(), PolicyDocument }) },
  GetPolicyVersion: { given: async () => ({ ...await make.Policy(), VersionId: 'v1' }) },
  ListPolicyVersions: { given: make.Policy },
  SetDefaultPolicyVersion: { given: policyWithTwoVersions },
  DeletePolicyVersion: { given: policyWithTwoVersions, refused: { 'DeleteConflict.Policy.Version.Default': changed({ VersionId: 'v1' }) } },
  ...attachments,
  ListEntitiesForPolicy: { given: make.Policy },
  CreateRole: { given: () => ({ RoleName: fresh('role'), AssumeRolePolicyDocument }), refused: { 'EntityAlreadyExists.Role': twice('CreateRole') } },
  GetRole: { given: make.Role },
  UpdateRole: { given: async () => ({ ...await make.Role(), NewDescription: 'x' }), refused: { MalformedPolicyDocument: changed({ NewAssumeRolePolicyDocument: '{' }) } },
  DeleteRole: { given: make.Role, refused: { 'DeleteConflict.Role.Policy': async () => only('RoleName')(await attached('Role')) } },
  ListRoles: { given: () => ({}) },
  DecodeDiagnosticMessage: { given: diagnosis },
};

const nothing = {
  'EntityNotExist.User': { UserName: 'nobody' },
  'EntityNotExist.Group': { GroupName: 'nobody' },
  'EntityNotExist.Role': { RoleName: 'nobody' },
  'EntityNotExist.Policy': { PolicyName: 'nothing' },
  'EntityNotExist.Policy.Version': { VersionId: 'v99' },
  'EntityNotExist.User.AccessKey': { UserAccessKeyId: 'LTAI5tNobodyIssuedThisKey' },
  'InvalidParameter.PolicyType': { PolicyType: 'Mine' },
};

/** What provokes an error the same way for every action: no such thing, and a parameter that is too long or wrongly formed. */
export function rules(code, { action }) {
  if (nothing[code] !== undefined) {
    return changed(nothing[code]);
  }

  if (code === 'MalformedPolicyDocument') {
    return changed({ [action === 'CreateRole' ? 'AssumeRolePolicyDocument' : 'PolicyDocument']: '{' });
  }

  const [, parameter, fault] = /^InvalidParameter\.(\w+)\.(InvalidChars|Length|Format)$/.exec(code) ?? [];
  return {
    InvalidChars: changed({ [parameter]: parameter?.endsWith('DisplayName') ? 'bell\u0007' : 'two words' }),
    Length: changed({ [parameter]: 'x'.repeat(longest(parameter) + 1) }),
    Format: changed({ [parameter]: 'x' }),
  }[fault];
}

const longest = (parameter = '') => (parameter.endsWith('Document') ? 6144 : parameter === 'Description' ? 1024 : 128);

export const unreachable = {
  'DeleteUser DeleteConflict.User.LoginProfile': 'there are no console logins, so no user has a login profile',
  'DeleteUser DeleteConflict.User.MFADevice': 'there are no MFA devices, so none is bound to a user',
};
