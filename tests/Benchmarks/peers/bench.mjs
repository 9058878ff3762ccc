// Nanoseconds per decision of other policy engines, the best of five rounds, as tab-separated lines: engine, statements,
// question, ns. Every engine first has to give the answer that the question's name promises.
//
//   node bench.mjs [STATEMENTS ...]      100 without an argument

import * as cedarWasm from '@cedar-policy/cedar-wasm/nodejs';
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { cedar, iam, questions } from './policies.mjs';

const rounds = 5;
const roundNs = 400_000_000n;
const iamAnswers = { Allowed: 'Allow', ExplicitlyDenied: 'ExplicitDeny', ImplicitlyDenied: 'ImplicitDeny' };

function cedarEngine(count) {
  const id = `policies-${count}`;
  const parsed = cedarWasm.preparsePolicySet(id, { staticPolicies: cedar.policies(count) });
  if (parsed.type !== 'success') throw new Error(`cedar: ${JSON.stringify(parsed.errors)}`);
  return (question) => {
    const call = { ...cedar.request(question, count), preparsedPolicySetId: id };
    return () => {
      const answer = cedarWasm.statefulIsAuthorized(call);
      if (answer.type !== 'success') throw new Error(`cedar: ${JSON.stringify(answer.errors)}`);
      const { decision, diagnostics } = answer.response;
      if (decision === 'allow') return 'Allow';
      return diagnostics.reason.length > 0 ? 'ExplicitDeny' : 'ImplicitDeny';
    };
  };
}

function iamEngine(count) {
  const identityPolicies = iam.policies(count);
  return (question) => {
    const simulation = {
      identityPolicies,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: iam.keyPolicy,
      request: iam.request(question, count),
    };
    return async () => {
      const answer = await runSimulation(simulation, {});
      if (answer.resultType === 'error') throw new Error(`iam-simulate: ${JSON.stringify(answer.errors)}`);
      return iamAnswers[answer.overallResult];
    };
  };
}

async function time(decide) {
  let best = Infinity;
  for (let round = 0; round < rounds; round++) {
    const start = process.hrtime.bigint();
    let calls = 0;
    let elapsed = 0n;
    do {
      await decide();
      calls++;
      elapsed = process.hrtime.bigint() - start;
    } while (elapsed < roundNs);
    best = Math.min(best, Number(elapsed) / calls);
  }
  return best;
}

const engines = { 'cedar-wasm': cedarEngine, 'iam-simulate': iamEngine };
const counts = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [100];
for (const count of counts) {
  for (const [engine, make] of Object.entries(engines)) {
    const ask = make(count);
    for (const [name, question] of Object.entries(questions)) {
      const decide = ask(question);
      const answer = await decide();
      if (answer !== question.answer) throw new Error(`${engine} answers ${name} of ${count} statements with ${answer}`);
      console.log([engine, count, name, Math.round(await time(decide))].join('\t'));
    }
  }
}
