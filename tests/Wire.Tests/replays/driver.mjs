// Plays a client's calls one by one. A replay is data: { title, shape, session?, steps }, and a step is
// { call, with, keep?, is?, like?, refused?, until?, pages?, times? }; `$name` in a value is what an earlier step kept.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isRefusal, isSuccess } from '../assertions.mjs';
import { send } from '../signer.mjs';
import { target } from '../target.mjs';
import { shapes } from './shapes.mjs';

const at = (value, path) => path.split('.').reduce((inner, part) => inner?.[part], value);
const mostPolls = 10;

/** One test per call, in order; `session` opens the credentials of a replay that works as a role. */
export function play({ title, shape, session, steps }, openSession) {
  describe(`${title} (${shape})`, () => {
    const kept = { region: target.region, account: target.account };
    let credentials = target.root;
    const filled = (value) => String(value).replace(/\$(\w+)/g, (all, name) => kept[name] ?? assert.fail(`${name} was kept`));
    const filledIn = (parameters = {}) => Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, filled(value)]));
    const once = (step, more = {}) => send(target.https, shapes[shape](credentials, step.call, { ...filledIn(step.with), ...more }));

    if (session !== undefined) {
      test('opens a session', async () => {
        credentials = await openSession();
      });
    }

    for (const [index, step] of steps.entries()) {
      test(`${index + 1}. ${step.call}${step.title === undefined ? '' : `: ${step.title}`}`, () => (step.pages === undefined ? single(step) : paged(step)));
    }

    async function single(step) {
      for (let turn = 1; turn < (step.times ?? 1); turn++) {
        isSuccess(await once(step));
      }

      const answer = await settled(step);
      if (step.refused !== undefined) {
        isRefusal(answer, ...step.refused);
        return;
      }

      const body = isSuccess(answer);
      for (const [path, expected] of Object.entries(step.is ?? {})) {
        assert.deepEqual(at(body, path), typeof expected === 'string' ? filled(expected) : expected, `${path}: ${answer.text}`);
      }

      for (const [path, pattern] of Object.entries(step.like ?? {})) {
        assert.match(String(at(body, path)), pattern, `${path}: ${answer.text}`);
      }

      for (const [name, path] of Object.entries(step.keep ?? {})) {
        kept[name] = at(body, path) ?? assert.fail(`${path} is answered: ${answer.text}`);
      }
    }

    /** Asks again until the answer says what the client waits for. */
    async function settled(step) {
      for (let poll = 1; ; poll++) {
        const answer = await once(step);
        const [[path, wanted] = []] = Object.entries(step.until ?? {});
        if (path === undefined || at(answer.json, path) === wanted) {
          return answer;
        }

        assert.ok(poll < mostPolls, `${path} becomes ${wanted}: ${answer.text}`);
      }
    }

    /** Reads pages until one is shorter than its size, as clients do; every row once. */
    async function paged({ pages: { rows: path, size, atLeast, id }, ...step }) {
      const rows = [];
      for (let page = 1; ; page++) {
        const part = at(isSuccess(await once(step, { PageNumber: page, PageSize: size })), path);
        rows.push(...part);
        if (part.length < size) {
          break;
        }
      }

      assert.ok(rows.length >= atLeast, `${rows.length} rows`);
      assert.equal(new Set(rows.map((row) => row[id])).size, rows.length, 'no row twice');
      if (step.holds !== undefined) {
        assert.ok(rows.some((row) => row[id] === filled(step.holds)), `${step.holds} is listed`);
      }

      if (step.lacks !== undefined) {
        assert.ok(!rows.some((row) => row[id] === filled(step.lacks)), `${step.lacks} is not listed`);
      }
    }
  });
}
