// Quotas so low that a test reaches them; at each limit one more is refused.
const both = { KeysPerRegion: 4, AliasesPerRegion: 2, TagsPerResource: 2, KeyVersionsPerRegion: 6 };
const ram = {
  UsersPerAccount: 4, GroupsPerAccount: 3, RolesPerAccount: 2, PoliciesPerAccount: 4, AccessKeysPerUser: 1, GroupsPerUser: 1, VersionsPerPolicy: 2,
  CustomPoliciesPerUser: 1, CustomPoliciesPerGroup: 1, CustomPoliciesPerRole: 1, SystemPoliciesPerUser: 1, SystemPoliciesPerGroup: 1, SystemPoliciesPerRole: 1,
};
const named = (quotas) => Object.fromEntries(Object.entries(quotas).map(([name, value]) => [`Kms__Quotas__${name}`, String(value)]));

export const settings = () => ({ gateway: named(ram), service: named(both), suite: {} });
