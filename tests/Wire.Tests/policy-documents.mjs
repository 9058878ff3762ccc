// Policies for the tests of the published schema: those of the golden files, and changed copies of them made from a seed.
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { repository } from './harness.mjs';

const data = join(repository, 'tests', 'data');
export const samplesFolder = join(repository, 'samples-policies');

function readCases(kind) {
  const folder = join(data, 'policy-cases');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')))
    .filter((file) => file.kind === kind)
    .flatMap((file) => file.cases);
}

/** The golden validation cases: name, kind, text, expect. */
export function validationCases() {
  return readCases('validation').map((item) => ({
    name: item.name, kind: item.policyKind, text: item.documentText ?? JSON.stringify(item.document), expect: item.expect,
  }));
}

/** Every different policy that the golden decisions are made by. */
export function decidingPolicies() {
  const found = new Map();
  const add = (name, kind, document) => found.set(kind + JSON.stringify(document), { name, kind, document });
  for (const { name, policies } of readCases('decision')) {
    (policies.control ?? []).flat().forEach((document) => add(name, 'control', document));
    (policies.identity ?? []).forEach((document) => add(name, 'identity', document));
    [policies.session].filter((document) => document !== undefined).forEach((document) => add(name, 'session', document));
    for (const [arn, document] of Object.entries(policies.resource ?? {})) {
      add(name, arn.startsWith('acs:ram:') ? 'trust' : 'key', document);
    }
  }

  return [...found.values()];
}

/** The forms of tests/data/accepted-policy-forms.txt, each in the smallest policy that holds it. */
export function acceptedForms() {
  const allow = { Effect: 'Allow', Action: '*', Resource: '*' };
  const around = {
    document: (form) => ['identity', JSON.parse(form)],
    action: (form) => ['identity', policyOf({ ...allow, Action: form })],
    resource: (form) => ['identity', policyOf({ ...allow, Resource: form })],
    condition: (form) => ['identity', policyOf({ ...allow, Condition: JSON.parse(form) })],
    'key-principal': (form) => ['key', policyOf({ ...allow, Action: 'kms:*', Principal: JSON.parse(form) })],
    'trust-principal': (form) => ['trust', policyOf({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: JSON.parse(form) })],
  };
  return readFileSync(join(data, 'accepted-policy-forms.txt'), 'utf8').split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [element, form] = [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)];
      const [kind, document] = around[element](form);
      return { name: line, kind, document };
    });
}

/** The sample policies; the folder that a file is in says of which kind it is. */
export function samples() {
  const kinds = { 'key-policies': 'key', 'trust-policies': 'trust', 'session-policies': 'session' };
  return readdirSync(samplesFolder, { recursive: true })
    .filter((name) => name.endsWith('.json') && !name.endsWith('.matrix.json') && !name.endsWith('.schema.json'))
    .sort()
    .map((name) => ({
      name,
      kind: name.split(sep).map((part) => kinds[part]).find((kind) => kind !== undefined) ?? 'identity',
      document: JSON.parse(readFileSync(join(samplesFolder, name), 'utf8')),
    }));
}

export function policyOf(...statements) {
  return { Version: '1', Statement: statements };
}
