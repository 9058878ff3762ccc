// Changed copies of policies: members and elements lost, moved, renamed and replaced, texts at the edge of what each place
// takes. The same seed gives the same copies.
import { characters, conditionKeys, conditionValues, principals } from './policy-edges.mjs';

const kinds = ['identity', 'session', 'control', 'key', 'trust'];
const operators = {
  text: ['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', 'StringLike', 'StringNotLike'],
  number: ['NumericEquals', 'NumericNotEquals', 'NumericLessThan', 'NumericLessThanEquals', 'NumericGreaterThan', 'NumericGreaterThanEquals'],
  date: ['DateEquals', 'DateNotEquals', 'DateLessThan', 'DateLessThanEquals', 'DateGreaterThan', 'DateGreaterThanEquals'],
  boolean: ['Bool'],
  address: ['IpAddress', 'NotIpAddress'],
};
const names = [
  'Version', 'Statement', 'Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition', 'Principal', 'NotPrincipal', 'RAM', 'Service',
  'Federated', 'AWS', 'effect', 'Id', 'Null', 'StringEqualsIfExists', 'ForAnyValue:StringEquals', 'bool', 'IPAddress', '', '__proto__',
  ...Object.values(operators).flat(),
];
const values = [
  null, true, 0, 1, '', '*', [], {}, [''], ['*'], [[]], [{}], '1', 'Allow', 'Deny', 'kms:*', 'sts:AssumeRole', { RAM: '*' }, { RAM: 'acs:ram::1000000000000001:*' },
  { RAM: ['acs:ram::1000000000000001:user/alice'] }, { Service: 'ecs.aliyuncs.com' },
  { Federated: 'acs:ram::1000000000000001:oidc-provider/ci' }, { Bool: { 'acs:MFAPresent': 'true' } },
];
const members = {
  Action: ['kms:*', 'sts:AssumeRole'], NotAction: ['kms:*', 'sts:AssumeRole'], Resource: ['*', 'acs:kms:*:*:key/*'], NotResource: ['*', 'acs:kms:*:*:key/*'],
  Sid: ['a', 's'.repeat(128), 's'.repeat(129), 'A z _/+=.@-9', 'a:b', '\u00e9'],
};

/** Draws from a seed (mulberry32). */
export class Dice {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  next(below) {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  }

  pick(list) {
    return list[this.next(list.length)];
  }
}

/** A changed copy of one of the policies, or of one of its neighbours: { kind, document }. */
export function mutated(bases, dice) {
  const base = dice.pick(bases);
  const root = { document: structuredClone(base.document) };
  const kind = dice.next(10) === 0 ? dice.pick(kinds) : base.kind;
  for (let times = dice.next(3); times > 0; times--) {
    dice.pick([changeText, changeText, changeNode, changeNode, addTest, addTest, addPrincipal, addMember])(root, dice);
  }

  return { kind, document: root.document };
}

/** Every place below: [holder, name]. */
function places(holder) {
  if (typeof holder !== 'object' || holder === null) {
    return [];
  }

  return Object.keys(holder).flatMap((name) => [[holder, name], ...places(holder[name])]);
}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
// Why not by assignment: __proto__ is a name like any other here.
const put = (holder, name, value) => Object.defineProperty(holder, name, { value, enumerable: true, writable: true, configurable: true });
const drop = (holder, name) => (Array.isArray(holder) ? holder.splice(Number(name), 1) : delete holder[name]);

/** What can be done to one place; what does not fit the place leaves it as it is. */
const nodeChanges = [
  (holder, name) => drop(holder, name),
  (holder, name, dice) => put(holder, name, structuredClone(dice.pick(values))),
  (holder, name) => put(holder, name, [holder[name]]),
  (holder, name) => Array.isArray(holder[name]) && put(holder, name, holder[name][0]),
  (holder, name, dice) => isObject(holder) && rename(holder, name, dice.pick(names)),
  (holder, name, dice) => Array.isArray(holder[name]) && holder[name].push(structuredClone(dice.pick(values))),
  (holder, name, dice) => isObject(holder[name]) && put(holder[name], dice.pick(names), structuredClone(dice.pick([...values, ...Object.values(holder[name])]))),
];

function changeNode(root, dice) {
  const [holder, name] = dice.pick(places(root));
  dice.pick(nodeChanges)(holder, name, dice);
  root.document ??= null;
}

function rename(holder, name, other) {
  const value = holder[name];
  delete holder[name];
  put(holder, other, value);
}

/** One character more, less or other, in a value or in the name of a condition key. */
function changeText(root, dice) {
  const texts = places(root).filter(([holder, name]) => typeof holder[name] === 'string' || name.includes(':'));
  if (texts.length === 0) {
    return;
  }

  const [holder, name] = dice.pick(texts);
  if (typeof holder[name] === 'string') {
    holder[name] = edited(holder[name], dice);
  } else {
    rename(holder, name, edited(name, dice));
  }
}

function edited(text, dice) {
  const at = dice.next(text.length + 1);
  const more = dice.next(12) === 0 ? 'a'.repeat(128) : dice.pick(characters);
  return dice.pick([
    () => text.slice(0, at) + text.slice(at + 1),
    () => text.slice(0, at) + more + text.slice(at),
    () => text.slice(0, at) + more + text.slice(at + 1),
    () => text + more,
    () => text.slice(0, at) + text.slice(at).toUpperCase(),
  ])();
}

/** A condition whose value is of the operator's type, or just beside it. */
function addTest(root, dice) {
  const statement = someStatement(root, dice);
  if (statement === undefined) {
    return;
  }

  const type = dice.pick(Object.keys(operators));
  const one = () => (dice.next(4) === 0 ? edited(dice.pick(conditionValues[type]), dice) : dice.pick(conditionValues[type]));
  const value = dice.pick([one, one, () => [one()], () => [one(), one()], () => []])();
  const key = dice.next(2) === 0 ? 'kms:tag/a' : dice.pick(conditionKeys);
  const operator = dice.pick(dice.next(10) === 0 ? names : operators[type]);
  statement.Condition = Object.fromEntries([[operator, { [key]: value }]]);
}

/** A principal of a form near those that are taken. */
function addPrincipal(root, dice) {
  const statement = someStatement(root, dice);
  if (statement !== undefined) {
    const [name, texts] = dice.pick(Object.entries(principals));
    const entry = dice.pick(texts);
    statement.Principal = { [name]: dice.next(2) === 0 ? entry : [entry] };
  }
}

/** One more member of a statement, whether it belongs there beside the others or not. */
function addMember(root, dice) {
  const statement = someStatement(root, dice);
  if (statement !== undefined) {
    const [name, texts] = dice.pick(Object.entries(members));
    statement[name] = dice.pick(texts);
  }
}

function someStatement(root, dice) {
  const list = root.document?.Statement;
  const statement = Array.isArray(list) ? dice.pick(list) : undefined;
  return typeof statement === 'object' && statement !== null ? statement : undefined;
}
