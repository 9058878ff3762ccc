// Documented errors that need a service of their own: quotas so low that they are reached, a clock that is moved. The suites
// `limits` and `clock` provoke them, and check that they provoke all that is left to them here.
const leftTo = (suite, ...errors) => Object.fromEntries(errors.map((error) => [error, suite]));

export const elsewhereOfKms = {
  ...leftTo('limits', 'CreateKey Rejected.LimitExceeded', 'CreateAlias Rejected.LimitExceeded', 'TagResource Rejected.LimitExceeded'),
  ...leftTo('clock', 'ImportKeyMaterial ExpiredImportToken'),
};

export const elsewhereOfRam = leftTo(
  'limits',
  'CreateUser LimitExceeded.User', 'CreateAccessKey LimitExceeded.User.AccessKey', 'CreatePolicy LimitExceeded.Policy', 'CreateGroup LimitExceeded.Group',
  'CreatePolicyVersion LimitExceeded.Policy.Version', 'AddUserToGroup LimitExceeded.User.Group', 'CreateRole LimitExceeded.Role',
  'AttachPolicyToUser LimitExceeded.User.Policy', 'AttachPolicyToGroup LimitExceeded.Group.Policy', 'AttachPolicyToRole LimitExceeded.Role.Policy');

/** What is left to one suite, as "action code". */
export const leftFor = (suite) => Object.entries({ ...elsewhereOfKms, ...elsewhereOfRam }).filter(([, left]) => left === suite).map(([error]) => error);
