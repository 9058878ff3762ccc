// Assertions that the suites share.
import assert from 'node:assert/strict';
import { Refusal } from './clients.mjs';

/** The call must be refused with this status and code; the refusal, for further checks. */
export async function refuses(call, status, code) {
  let answer;
  try {
    answer = await call();
  } catch (error) {
    if (!(error instanceof Refusal)) {
      throw error;
    }

    assert.equal(error.code, code, error.message);
    assert.equal(error.status, status, error.message);
    return error;
  }

  return assert.fail(`expected ${status} ${code}, got ${JSON.stringify(answer)}`);
}

const uuid = /^[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}$/;

/** An error answer of the wire: status, code, the envelope, the request id in body and header. */
export function isRefusal(answer, status, code, mentions = []) {
  assert.ok(answer.json !== null, `the answer is JSON: ${answer.status} ${answer.text.slice(0, 300)}`);
  assert.equal(answer.json.Code, code, answer.text);
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.json.RequestId, uuid);
  assert.equal(answer.headers['x-acs-request-id'], answer.json.RequestId);
  assert.equal(typeof answer.json.HostId, 'string');
  for (const word of [mentions].flat()) {
    assert.ok(answer.json.Message.includes(word), `the message names ${word}: ${answer.json.Message}`);
  }
}

/** A success of the wire: 200, no top-level Code, a request id. */
export function isSuccess(answer) {
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.json?.Code, undefined, answer.text);
  assert.match(answer.json.RequestId, uuid);
  assert.equal(answer.headers['x-acs-request-id'], answer.json.RequestId);
  return answer.json;
}
