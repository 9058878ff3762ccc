// The JSON Schema published for editors, held to the strict parser by a real validator. Needs the built program, no service.
import Ajv2020 from 'ajv/dist/2020.js';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { program } from '../harness.mjs';
import { acceptedForms, decidingPolicies, policyOf, samples, samplesFolder, validationCases } from '../policy-documents.mjs';
import { edges } from '../policy-edges.mjs';
import { Dice, mutated } from '../policy-mutations.mjs';

const schemaName = 'policy.schema.json';
const schema = JSON.parse(readFileSync(join(samplesFolder, schemaName), 'utf8'));
// The program reads files of 16 MiB.
const batch = 10_000;
const definitions = { identity: 'identityPolicy', session: 'identityPolicy', control: 'identityPolicy', key: 'keyPolicy', trust: 'trustPolicy' };

// How many golden documents are refused for each reason that a schema can express.
const structural = {
  NotAnObject: 3, UnknownMember: 5, MissingMember: 8, InvalidVersion: 4, InvalidStatement: 3, EmptyList: 7, InvalidEffect: 4, InvalidSid: 4, ActionConflict: 1,
  InvalidAction: 18, ResourceConflict: 1, InvalidResource: 15, ElementNotAllowed: 6, InvalidPrincipal: 14, InvalidCondition: 5, UnknownOperator: 11,
  InvalidConditionKey: 3, InvalidConditionValue: 26,
};

// Reasons that no schema can express, with the number of golden documents: what becomes of these documents, and why.
const beyond = {
  MalformedJson: { count: 9, why: 'no JSON value comes out of the text (some readers make one of half a surrogate pair)', outcome: 'unreadable' },
  DuplicateMember: { count: 4, why: 'a JSON value has each member once; readers keep the last', outcome: 'accepted' },
  TooLong: { count: 4, why: 'the length of the text is no property of the value', outcome: 'accepted' },
};

const ajv = new Ajv2020({ strict: true, allErrors: false });
ajv.addSchema(schema, schemaName);
const ofAnyKind = ajv.getSchema(schemaName);
const byKind = Object.fromEntries(Object.entries(definitions).map(([kind, name]) => [kind, ajv.compile({ $ref: `${schemaName}#/$defs/${name}` })]));

function accept(kind, document, name) {
  for (const validate of [byKind[kind], ofAnyKind]) {
    assert.ok(validate(document), `${name}: ${ajv.errorsText(validate.errors)}`);
  }
}

describe('the schema itself', () => {
  test('is one of 2020-12, and strict', () => {
    assert.equal(schema.$schema, 'https://json-schema.org/draft/2020-12/schema');
    assert.ok(ajv.validateSchema(schema), ajv.errorsText(ajv.errors));
  });

  test('describes every member that an author may write', () => {
    const describedBy = (node) => node.description ?? (node.$ref === undefined ? undefined : schema.$defs[node.$ref.replace('#/$defs/', '')].description);
    for (const [name, definition] of Object.entries(schema.$defs)) {
      for (const [member, node] of Object.entries(definition.properties ?? {})) {
        assert.ok(describedBy(node)?.length > 10, `${name}.${member} has a description`);
      }
    }
  });

  test('has the operators of the golden document that holds all of them', () => {
    const all = JSON.parse(validationCases().find((item) => item.name === 'valid-all-operators').text);
    assert.deepEqual(Object.keys(schema.$defs.condition.properties).sort(), Object.keys(all.Statement[0].Condition).sort());
  });
});

describe('what is valid passes', () => {
  test('golden documents', () => {
    const valid = validationCases().filter((item) => item.expect.valid);
    assert.equal(valid.length, 20);
    valid.forEach(({ kind, text, name }) => accept(kind, JSON.parse(text), name));
  });

  test('the policies of the golden decisions', () => {
    const policies = decidingPolicies();
    assert.equal(policies.length, 344);
    policies.forEach(({ kind, document, name }) => accept(kind, document, name));
  });

  test('accepted forms', () => {
    const forms = acceptedForms();
    assert.equal(forms.length, 44);
    forms.forEach(({ kind, document, name }) => accept(kind, document, name));
  });

  test('samples', () => {
    assert.equal(samples().length, 44);
    samples().forEach(({ kind, document, name }) => accept(kind, document, name));
  });
});

describe('what is not valid is refused', () => {
  const invalid = validationCases().filter((item) => !item.expect.valid);
  const of = (reason) => invalid.filter((item) => item.expect.reason === reason);

  test('every golden reason is in one of the two tables', () => {
    const counted = Object.fromEntries([...Object.entries(structural), ...Object.entries(beyond).map(([reason, { count }]) => [reason, count])]);
    const found = Object.fromEntries(Object.keys(counted).map((reason) => [reason, of(reason).length]));
    assert.deepEqual(found, counted);
    assert.equal(Object.values(counted).reduce((sum, count) => sum + count), invalid.length);
  });

  for (const reason of Object.keys(structural)) {
    test(reason, () => {
      for (const { kind, text, name } of of(reason)) {
        assert.equal(byKind[kind](JSON.parse(text)), false, name);
      }
    });
  }

  for (const [reason, { why, outcome }] of Object.entries(beyond)) {
    test(`${reason} is for the parser: ${why}`, () => {
      for (const { kind, text, name } of of(reason)) {
        if (outcome === 'unreadable') {
          assert.throws(() => JSON.parse(text), SyntaxError, name);
        } else {
          accept(kind, JSON.parse(text), name);
        }
      }
    });
  }

  test('a policy of one kind is none of another', () => {
    const alice = { RAM: 'acs:ram::1000000000000001:user/alice' };
    const policies = {
      identity: policyOf({ Effect: 'Allow', Action: 'kms:*', Resource: '*' }),
      key: policyOf({ Effect: 'Allow', Principal: alice, Action: 'kms:*', Resource: '*' }),
      trust: policyOf({ Effect: 'Allow', Principal: alice, Action: 'sts:AssumeRole' }),
    };
    for (const [kind, document] of Object.entries(policies)) {
      accept(kind, document, kind);
      for (const other of Object.keys(policies).filter((each) => each !== kind)) {
        assert.equal(byKind[other](document), false, `${kind} as ${other}`);
      }
    }

    assert.equal(ofAnyKind(policyOf(policies.key.Statement[0], policies.identity.Statement[0])), false, 'kinds do not mix');
  });
});

/** What the strict parser says of each: the reasons of a refusal, none when it accepts. One run of the program for them all. */
function parsed(documents) {
  const folder = mkdtempSync(join(tmpdir(), 'kmsgateway-schema-'));
  try {
    const file = join(folder, 'documents.json');
    const cases = documents.map(({ kind, text }, index) => ({ name: String(index), rule: '', why: '', policyKind: kind, documentText: text, expect: { valid: true } }));
    writeFileSync(file, JSON.stringify({ format: 'kmsgateway-policy-cases/1', kind: 'validation', topic: '', cases }));
    const run = spawnSync('dotnet', [program('gateway'), 'policy', 'cases', file, '--format', 'json'], { encoding: 'utf8', maxBuffer: 2 ** 28, timeout: 120_000 });
    assert.equal(run.stderr, '');
    const answer = JSON.parse(run.stdout);
    assert.equal(answer.passed + answer.failed, documents.length);
    const refused = new Map(answer.failures.map(({ name, difference }) => [Number(name), reasonsOf(difference)]));
    return documents.map((_, index) => refused.get(index) ?? []);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function reasonsOf(difference) {
  const reasons = [...difference.matchAll(/([A-Za-z]+) at '/g)].map(([, reason]) => reason);
  assert.ok(difference.startsWith('expected a valid document, found ') && reasons.length > 0, difference);
  return reasons;
}

/** Fails where the two disagree, other than by a reason that no schema can express. Answers how often each reason came up. */
function agree(documents, what) {
  const all = documents.map(({ kind, document }) => ({ kind, text: JSON.stringify(document) }));
  const counts = new Map([['', 0]]);
  const answers = Array.from({ length: Math.ceil(all.length / batch) }, (_, at) => parsed(all.slice(at * batch, (at + 1) * batch))).flat();
  answers.forEach((reasons, index) => {
    const { kind, text } = all[index];
    const document = JSON.parse(text);
    const passes = byKind[kind](document);
    const isBeyond = reasons.length > 0 && reasons.every((reason) => Object.hasOwn(beyond, reason));
    assert.ok(isBeyond || passes === (reasons.length === 0), `${what}, ${kind}: the schema says ${passes}, the parser ${reasons.join() || 'valid'}: ${text}`);
    assert.ok(reasons.length > 0 || ofAnyKind(document), `${what}, ${kind}: its kind is not recognised: ${text}`);
    (reasons.length === 0 ? [''] : [...new Set(reasons)]).forEach((reason) => counts.set(reason, (counts.get(reason) ?? 0) + 1));
  });
  return counts;
}

describe('schema and parser agree', () => {
  test('on the edges of every form', () => {
    const documents = edges();
    const accepted = agree(documents, 'edge').get('');
    assert.deepEqual([documents.length, accepted], [8573, 1528]);
  });

  // KMSGATEWAY_SEED repeats a run, KMSGATEWAY_FULL=1 makes it ten times longer.
  test('on changed documents', () => {
    const seed = Number(process.env.KMSGATEWAY_SEED ?? randomInt(2 ** 31));
    const count = process.env.KMSGATEWAY_FULL === '1' ? 40_000 : 4_000;
    const valid = validationCases().filter((item) => item.expect.valid && item.text.length < 2000).map(({ kind, text }) => ({ kind, document: JSON.parse(text) }));
    const bases = [...valid, ...decidingPolicies(), ...acceptedForms(), ...samples()];
    const dice = new Dice(seed);
    const counts = agree(Array.from({ length: count }, () => mutated(bases, dice)), `seed ${seed}`);
    const accepted = counts.get('');
    assert.ok(accepted > count / 10 && accepted < count * 0.9, `seed ${seed}: ${accepted} of ${count} accepted`);
    assert.deepEqual(Object.keys(structural).filter((reason) => !counts.has(reason)), [], `seed ${seed}: every reason comes up`);
  });
});
