// Runs a table of KMS actions with every official client that has them: a happy path and refusals each.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { refuses } from './assertions.mjs';
import { kmsClients } from './clients.mjs';
import { target, versions } from './target.mjs';

/**
 * action: { happy: (client) => ..., refused: { title: [parameters or (client) => parameters, expected] }, without? }.
 * `without` names clients that are older than the action; that they lack it is asserted, and they are passed over.
 */
export function describeActions(actions) {
  for (const [name, create] of Object.entries(kmsClients)) {
    const offered = Object.keys(actions).filter((action) => !(actions[action].without ?? []).includes(name));
    describe(`KMS by ${name}`, () => {
      const kms = create(target.root, versions.kms);
      for (const [action, { happy, refused, without = [] }] of Object.entries(actions)) {
        if (without.includes(name)) {
          test(`${action}: the client is older`, () => assert.ok(!kms.has(versions.kms, action)));
          continue;
        }

        test(`${action}: the client has it`, () => assert.ok(kms.has(versions.kms, action)));
        test(`${action}: does what it says`, () => happy(kms));
        for (const [title, [parameters, expected]] of Object.entries(refused)) {
          test(`${action}: refuses ${title}`, async () => {
            const given = typeof parameters === 'function' ? await parameters(kms) : parameters;
            await refuses(() => kms.call(action, given), expected.status, expected.code);
          });
        }
      }

      test('every action: refuses an AccessKey that nobody issued', async () => {
        const stranger = create({ accessKeyId: 'LTAI5tNobodyIssuedThisKey', accessKeySecret: 'no-secret-at-all-for-it' }, versions.kms);
        for (const action of offered) {
          await refuses(() => stranger.call(action, {}), 404, 'InvalidAccessKeyId.NotFound');
        }
      });

      test('every action: refuses a wrong secret', async () => {
        const impostor = create({ ...target.root, accessKeySecret: 'not-the-secret-of-this-key' }, versions.kms);
        for (const action of offered) {
          await refuses(() => impostor.call(action, {}), 400, 'SignatureDoesNotMatch');
        }
      });
    });
  }
}
