// Every served action with every official client that has it: a happy path, and each documented error provoked, or the reason
// why no caller can provoke it. What is neither fails, and so does a case or a reason that nothing documents any more.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { refuses } from '../assertions.mjs';
import { TooOld } from '../clients.mjs';
import { target } from '../target.mjs';
import { documented } from './documented.mjs';

const everyClient = process.env.KMSGATEWAY_FULL === '1';
const nobody = { accessKeyId: 'LTAI5tNobodyIssuedThisKey', accessKeySecret: 'no-secret-at-all-for-it' };

/**
 * cases: action -> { given: (code) => what succeeds, by?: () => credentials, clients?: only these by name,
 * without?: why nothing succeeds yet, refused?: { code: (given) => attempts } }, where an attempt is parameters, or { parameters, by: credentials },
 * and a case may answer one or several.
 * rules: (code, { action, required, entry }) -> a case like those of `refused`, or undefined.
 * elsewhere: "action code" -> the suite that provokes it. unreachable: "action code" or "* code" -> why nobody can.
 */
export function describeErrors({ product, version, clients, cases, rules, elsewhere = {}, unreachable, poor }) {
  const table = documented(product);
  const counts = { happy: 0, provoked: 0, elsewhere: 0, unreachable: [], missing: [] };
  let turn = 0;
  for (const [action, { required, errors }] of Object.entries(table)) {
    const entry = cases[action];
    const able = Object.entries(clients)
      .filter(([name, create]) => (entry?.clients ?? [name]).includes(name) && create(target.root, version).has(version, action));
    describe(`${product} ${action}`, () => {
      test('has a case', () => assert.ok(entry !== undefined, `${action} is served: give it a case in tests/Wire.Tests/errors`));
      if (entry === undefined) {
        counts.missing.push(action);
        return;
      }

      if (entry.without) {
        counts.unreachable.push([`${action} happy path`, entry.without]);
      }

      for (const [name, create] of entry.without ? [] : able) {
        test(`is answered (${name})`, async () => {
          const given = await entry.given();
          await create(await (entry.by?.() ?? target.root), version).call(action, parametersOf(given));
          counts.happy++;
        });
      }

      let provoked = 0;
      for (const { code, status } of errors) {
        const key = `${action} ${code}`;
        const attempt = entry.refused?.[code] ?? rules(code, { action, required, entry }) ?? common(code);
        const reason = unreachable[key] ?? unreachable[`* ${code}`];
        if (elsewhere[key] !== undefined) {
          counts.elsewhere++;
        } else if (attempt !== undefined && unreachable[key] === undefined) {
          provoked++;
          for (const [name, create] of everyClient ? able : [able[turn++ % able.length]]) {
            test(`refuses with ${status} ${code} (${name})`, () => provoke(create, attempt, entry, action, status, code));
          }
        } else if (reason !== undefined) {
          counts.unreachable.push([key, reason]);
        } else {
          counts.missing.push(key);
          test(`${code} is provoked, or has a reason`, () => assert.fail(`${key}: neither a case nor a reason`));
        }
      }

      counts.provoked += provoked;
      test('has an error case', () => assert.ok(provoked > 0));
    });
  }

  test('no case, reason or reference is about what nothing documents', () => {
    const known = Object.entries(table).flatMap(([action, { errors }]) => errors.flatMap(({ code }) => [`${action} ${code}`, `* ${code}`]));
    const own = Object.entries(cases).flatMap(([action, { refused = {} }]) => Object.keys(refused).map((code) => `${action} ${code}`));
    assert.deepEqual([...own, ...Object.keys(unreachable), ...Object.keys(elsewhere)].filter((key) => !known.includes(key)), []);
    assert.deepEqual(Object.keys(cases).filter((action) => table[action] === undefined), []);
  });

  after(() => report(product, table, counts));

  async function provoke(create, attempt, entry, action, status, code) {
    const given = await entry.given(code);
    const attempts = [await attempt(given)].flat();
    assert.ok(attempts.length > 0, 'there is something to try');
    for (const each of attempts) {
      const { parameters, by = await (entry.by?.() ?? target.root) } = each.parameters === undefined ? { parameters: each } : each;
      await refuses(() => sent(create, by, action, parameters), status, code);
    }
  }

  /** A client that is older than the parameter hands over to one that sends anything. */
  async function sent(create, by, action, parameters) {
    try {
      return await create(by, version).call(action, parameters);
    } catch (error) {
      return error instanceof TooOld ? clients['pop-core POST (1.0)'](by, version).call(action, parameters) : Promise.reject(error);
    }
  }

  /** What every authenticated action can answer. */
  function common(code) {
    return {
      'InvalidAccessKeyId.NotFound': (given) => ({ parameters: parametersOf(given), by: nobody }),
      'Forbidden.NoPermission': async (given) => ({ parameters: parametersOf(given), by: await poor() }),
      NoPermission: async (given) => ({ parameters: parametersOf(given), by: await poor() }),
    }[code];
  }
}

/** `given` is parameters, or { key, parameters } where a case must reach the key that they are about. */
export const parametersOf = (given) => given.parameters ?? given;

/** The parameters without each of these in turn; a list goes with all its members. */
export const withoutEach = (names) => (given) => names
  .map((name) => Object.fromEntries(Object.entries(parametersOf(given)).filter(([each]) => each !== name && !each.startsWith(`${name}.`))))
  .filter((rest) => Object.keys(rest).length < Object.keys(parametersOf(given)).length);

/** The parameters with others in place of some. */
export const changed = (changes) => (given) => ({ ...parametersOf(given), ...changes });

function report(product, table, counts) {
  const errors = Object.values(table).reduce((sum, entry) => sum + entry.errors.length, 0);
  const lines = [
    `coverage of ${product}: ${Object.keys(table).length} actions served, ${counts.happy} happy paths; ${errors} documented errors: ${counts.provoked} provoked here, `
      + `${counts.elsewhere} in another suite, ${counts.unreachable.length} out of reach, ${counts.missing.length} missing`,
    ...counts.unreachable.map(([key, reason]) => `  ${key}: ${reason}`),
    ...counts.missing.map((key) => `  missing: ${key}`),
  ];
  console.log(lines.join('\n'));
}
