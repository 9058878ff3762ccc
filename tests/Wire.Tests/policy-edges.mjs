// Texts at the edge of what each place of a policy takes, on both sides of it, and the policies that hold them.
import { policyOf } from './policy-documents.mjs';

// Blanks and letters that engines disagree about: U+0085 and U+FEFF are white space to one and not to the other, U+017F
// and U+212A fold to s and k, U+0660 is a digit to some.
export const characters = [
  ...'aAzZkKsS019_-*?:/.,;+=@$%{}[]()"\\ \t\n\r', '\0', '\u001f', '\u007f', '\u0085', '\u00a0', '\u1680', '\u180e', '\u2000', '\u200a', '\u200b',
  '\u2028', '\u2029', '\u202f', '\u205f', '\u3000', '\ufeff', '\u017f', '\u212a', '\u0660', '\u00e9', '\u751f', '\u{1f511}', '\u{e0020}', '\ud83d', '${', '::',
];

const account = 'acs:ram::1000000000000001';
const many = (count, text) => Array.from({ length: count }, () => text);
const replaced = (list, place, item) => list.map((old, index) => (index === place ? item : old));
const cross = (lists, join) => lists.reduce((all, list) => all.flatMap((head) => list.map((next) => [...head, next])), [[]]).map(join);
const around = (texts) => texts.flatMap((text) => characters.flatMap((c) => [c + text, text + c, text.slice(0, text.length / 2) + c + text.slice(text.length / 2)]));

function dates() {
  const days = ['01-31', '01-32', '02-28', '02-29', '02-30', '03-31', '04-30', '04-31', '06-31', '09-31', '11-31', '12-31', '00-01', '13-01', '05-00', '1-01', '01-1'];
  const years = ['0000', '0001', '0004', '0100', '0400', '1900', '2000', '2023', '2024', '2096', '2100', '9996', '9999', '10000', '999', '-001'];
  const times = [
    '00:00', '23:59', '24:00', '23:60', '1:00', '01:1', '23:59:59', '23:59:60', '23:59:5', '23:59:59.', '23:59:59.1', '23:59:59.1234567', '23:59:59.12345678',
    '23:59.5', '23', '23:59:',
  ];
  const zones = ['', 'Z', 'z', '+00:00', '-00:00', '+13:59', '+14:00', '-14:00', '+14:01', '-13:60', '+15:00', '+0800', '+08', '+8:00', ' Z', 'ZZ'];
  return [
    ...cross([years, days], ([year, day]) => `${year}-${day}T00:00Z`), ...cross([times, zones], ([time, zone]) => `2024-02-29T${time}${zone}`),
    ...around(['2024-02-29T00:00:00Z']), '2024-02-29t00:00Z', '20240229T0000Z', '2024-02-29', '1893456000',
  ];
}

function addresses() {
  const v4 = '192.0.2.1';
  const octets = ['0', '9', '10', '99', '100', '199', '200', '249', '250', '255', '256', '260', '300', '999', '1000', '00', '01', '-1', ''];
  const groups = (count, last) => [...many(count, 'db8'), ...last].join(':');
  const lasts = [[], [v4]];
  const numbers = [...Array(10).keys()];
  const odd = [
    '::', ':::', ':', '1::2::3', ':1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8:', '1:2:3:4:5:6:7:', `${v4}::`, `::${v4}:1`, `${v4}:1:2:3:4:5:6`, '12345::', 'g::', '::FFff',
    'fe80::1%eth0', '[::1]', '192.0.2', '192.0.2.1.5', '0x7f.0.0.1', '3232235777',
  ];
  const prefixes = [
    '0', '1', '9', '10', '29', '30', '32', '33', '39', '99', '100', '119', '127', '128', '129', '130', '200', '1000', '08', '00', '', '-1', '+1', ' 8', '8/8',
  ];
  return [
    ...cross([[0, 1, 2, 3], octets], ([place, octet]) => replaced(v4.split('.'), place, octet).join('.')),
    ...cross([numbers, lasts], ([count, last]) => groups(count, last)),
    ...cross([numbers, numbers, lasts], ([before, after, last]) => `${groups(before, [])}::${groups(after, last)}`),
    ...odd, ...cross([[v4, '::', `::ffff:${v4}`], prefixes], (parts) => parts.join('/')),
    ...around([v4, '2001:db8::/32']),
  ];
}

/** Values that conditions are written with, by what the operator reads. */
export const conditionValues = {
  text: ['', 'a', '${x}', '*', ...characters],
  boolean: ['true', 'false', 'TRUE', 'FaLsE', 'yes', '', '1', ...around(['true'])],
  number: [
    ...cross([['', '-', '+'], [0, 1, 27, 28, 29], ['', '.', '.3', `.${'3'.repeat(27)}`]], ([sign, whole, fraction]) => sign + '7'.repeat(whole) + fraction),
    ...cross([[1, 13, 14, 27], [1, 14, 15, 27, 28]], ([whole, fraction]) => `-${'7'.repeat(whole)}.${'3'.repeat(fraction)}`),
    '1e3', '0x10', '00', '--1', '1.1.1', ...around(['10.5']),
  ],
  date: dates(),
  address: addresses(),
};

/** Names of condition keys. */
export const conditionKeys = ['acs:CurrentTime', 'kms:tag/a/b:c', 'a:b', 'A-1:b', '1:a', '-a:b', 'a:', ':a', 'a', '', '::', ...around(['a-b:c'])];

/** Names of users, roles and providers. */
const names = ['a', 'n'.repeat(128), 'n'.repeat(129), '', ...around(['ab'])];

const hosts = [
  'ecs', 'a.b', 'a-b', '-a', 'a-', 'l'.repeat(62), 'l'.repeat(63), 'l'.repeat(64), '', 'a..b', '.a',
  many(119, 'a').join('.'), many(120, 'a').join('.'), `a${many(120, 'a').join('.')}`, many(121, 'a').join('.'),
];

/** The values of each kind of principal. */
export const principals = {
  RAM: [
    ...['root', '*', 'root/', 'Root', 'group/a', 'user', 'user/', 'users/a', 'federated-user/a', 'user/a/b'].map((id) => `${account}:${id}`),
    ...['user', 'role'].flatMap((type) => names.map((name) => `${account}:${type}/${name}`)),
    'acs:ram:::root', 'acs:ram::*:root', 'acs:ram::1:root', 'acs:ram::a:root', 'acs:ram:cn-hangzhou:1:root', 'acs:kms::1:root', 'arn:ram::1:root', 'acs:ram::1', '1', '*', '',
    ...around(['acs:ram::12:root']),
  ],
  Service: [
    ...cross([hosts, ['.aliyuncs.com', '.aliyuncs.com.', '.aliyuncs.com.cn', 'aliyuncs.com', '.Aliyuncs.com']], (parts) => parts.join('')),
    ...around(['ab']).map((host) => `${host}.aliyuncs.com`),
  ],
  Federated: ['saml', 'oidc', 'SAML', ''].flatMap((type) => names.map((name) => `${account}:${type}-provider/${name}`)),
};

const allow = { Effect: 'Allow', Action: '*', Resource: '*' };
const alice = { RAM: `${account}:user/alice` };
const operatorOf = { text: 'StringLike', boolean: 'Bool', number: 'NumericLessThan', date: 'DateEquals', address: 'NotIpAddress' };

/** Every such text in the smallest policy that has a place for it: { kind, document }. */
export function edges() {
  const of = (kind) => (statement) => ({ kind, document: policyOf(statement) });
  const actions = ['*', '**', ':', 'kms:', ':a', 'a:b:c', 'KMS:A', 'kMs:?', 'k*:a', 'StS:*', 'st?:a', ...around(['kms:a', 'sts:a'])];
  const fields = ['', '*', ...characters];
  const resources = [
    ...[0, 1, 2, 3, 4].flatMap((place) => fields.map((field) => replaced(['acs', 'kms', '*', '1', 'key'], place, field).join(':'))),
    ...around(['*', 'acs:kms:*:*:key/a:b']), 'acs:kms:*:*', 'acs:kms', 'ACS:kms:*:*:key', 'acs:kms:*:*:$', 'acs:kms:*:*:{a}$',
  ];
  return [
    ...actions.flatMap((Action) => [
      of('identity')({ ...allow, Action }), of('identity')({ Effect: 'Deny', NotAction: [Action], Resource: '*' }),
      of('key')({ ...allow, Action, Principal: alice }), of('trust')({ Effect: 'Allow', Action: [Action], Principal: alice }),
    ]),
    ...resources.flatMap((Resource) => [of('identity')({ ...allow, Resource }), of('control')({ Effect: 'Deny', Action: '*', NotResource: [Resource] })]),
    ...['*', ['*'], ['*', '*'], [], '', 'acs:kms:*:*:key', null].map((Resource) => of('key')({ ...allow, Action: 'kms:*', Principal: alice, Resource })),
    ...['', ' ', 'a', 's'.repeat(128), 's'.repeat(129), ...characters].map((Sid) => of('session')({ ...allow, Sid })),
    ...Object.entries(conditionValues).flatMap(([type, texts]) => texts.map((text) => of('identity')({ ...allow, Condition: { [operatorOf[type]]: { 'a:b': text } } }))),
    ...conditionKeys.map((key) => of('identity')({ ...allow, Condition: { StringEquals: { [key]: 'a' } } })),
    ...Object.values(operatorOf).flatMap((operator) => [{}, null, [], 'a'].map((block) => of('identity')({ ...allow, Condition: { [operator]: block } }))),
    ...Object.entries(principals).flatMap(([name, texts]) => texts.flatMap((text) => [
      of('trust')({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { [name]: text } }), of('key')({ ...allow, Action: 'kms:*', Principal: { [name]: [text] } }),
    ])),
    ...[{}, [], null, '*', { RAM: [] }, { RAM: {} }, { ram: alice.RAM }, { ...alice, Service: 'ecs.aliyuncs.com' }].flatMap((Principal) => [
      of('trust')({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }), of('key')({ ...allow, Action: 'kms:*', Principal }),
    ]),
  ];
}
