// The policies and questions of Policies/PolicyFamily.cs in the languages of other engines: a statement per key, one on keys
// tagged Project=Apollo, one Deny.

const actions = ['Encrypt', 'Decrypt', 'GenerateDataKey'];
const account = '100000000001';
const perPolicy = 30;

const key = (number) => `k-${String(number).padStart(6, '0')}`;
const arn = (id) => `arn:aws:kms:us-east-1:${account}:key/${id}`;

export const questions = {
  Hit: { key: () => key(0), project: 'Other', answer: 'Allow' },
  Miss: { key: () => 'no-such-key', project: 'Other', answer: 'ImplicitDeny' },
  Deny: { key: (count) => key(count - 3), project: 'Other', answer: 'ExplicitDeny' },
  Tag: { key: () => 'tagged-key', project: 'Apollo', answer: 'Allow' },
};

const keys = (count) => Array.from({ length: count - 2 }, (_, number) => key(number));

export const cedar = {
  policies(count) {
    const inList = actions.map((action) => `Action::"${action}"`).join(', ');
    return [
      ...keys(count).map((id) => `permit(principal == User::"alice", action in [${inList}], resource == Key::"${id}");`),
      'permit(principal == User::"alice", action == Action::"Decrypt", resource) when { resource.project == "Apollo" };',
      `forbid(principal == User::"alice", action == Action::"Decrypt", resource == Key::"${key(count - 3)}");`,
    ].join('\n');
  },

  request(question, count) {
    const resource = { type: 'Key', id: question.key(count) };
    return {
      principal: { type: 'User', id: 'alice' },
      action: { type: 'Action', id: 'Decrypt' },
      resource,
      context: {},
      entities: [{ uid: resource, attrs: { project: question.project }, parents: [] }],
    };
  },
};

export const iam = {
  policies(count) {
    const statements = [
      ...keys(count).map((id) => ({ Effect: 'Allow', Action: actions.map((action) => `kms:${action}`), Resource: arn(id) })),
      { Effect: 'Allow', Action: 'kms:Decrypt', Resource: arn('*'), Condition: { StringEquals: { 'aws:ResourceTag/Project': 'Apollo' } } },
      { Effect: 'Deny', Action: 'kms:Decrypt', Resource: arn(key(count - 3)) },
    ];
    return Array.from({ length: Math.ceil(statements.length / perPolicy) }, (_, part) => ({
      name: `part${part}`,
      policy: { Version: '2012-10-17', Statement: statements.slice(part * perPolicy, (part + 1) * perPolicy) },
    }));
  },

  // Why: there a key's own policy has to hand its use to the account's policies; this one is the default.
  keyPolicy: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*', Resource: '*' }],
  },

  request: (question, count) => ({
    action: 'kms:Decrypt',
    principal: `arn:aws:iam::${account}:user/alice`,
    resource: { accountId: account, resource: arn(question.key(count)) },
    contextVariables: { 'aws:ResourceTag/Project': question.project },
  }),
};
