// Which actions are served (the table of README.md) and which errors the specification documents for each.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../harness.mjs';

const read = (...path) => readFileSync(join(repository, ...path), 'utf8');
const kmsApi = JSON.parse(read('tests', 'data', 'kms-api.json'));
const ramSts = JSON.parse(read('tests', 'data', 'ram-sts-api.json'));
const noAccessKey = { code: 'InvalidAccessKeyId.NotFound', status: 404 };
const noPermission = { code: 'NoPermission', status: 403 };

/** Names in the column "answered" of a product's row, between the markers of the generated table. */
export function servedActions(product) {
  const table = /<!-- actions:begin -->([^]*)<!-- actions:end -->/.exec(read('README.md'))[1];
  const row = table.split('\n').find((line) => line.startsWith(`| ${product} |`));
  return row.split('|')[3].split(',').map((name) => name.trim());
}

/** Errors only reachable with DryRun=true have no status of their own in the list; the general list has it. */
const statusOf = (code) => kmsApi.errors.find((error) => error.code === code)?.recommendedHttpStatus;

const kmsErrors = ({ errors }) => errors.map(({ code, httpStatus }) => ({ code, status: httpStatus ?? statusOf(code) }));

// Why: "any operation can also answer" what signing.md lists and NoPermission (ram-sts-api.json, commonErrors)
const ramErrors = (action, operation) => [
  ...(operation?.errors ?? []).map((error) => (typeof error === 'string'
    ? { code: error, status: ramSts.errors[error].httpStatus }
    : { code: error.code, status: error.httpStatus })),
  ...(action === 'AssumeRoleWithOIDC' ? [] : [noAccessKey]),
  ...(['GetCallerIdentity', 'AssumeRole', 'AssumeRoleWithOIDC'].includes(action) ? [] : [noPermission]),
];

const distinct = (errors) => errors.filter(({ code }, index) => errors.findIndex((other) => other.code === code) === index);

/** action -> { required: [parameter], errors: [{ code, status }] } of what a product serves. */
export function documented(product) {
  return Object.fromEntries(servedActions(product).map((action) => {
    if (product !== 'KMS') {
      const operation = ramSts.operations[action];
      const required = Object.entries(operation?.request ?? {}).filter(([, spec]) => spec.required === true).map(([name]) => name);
      return [action, { required, errors: distinct(ramErrors(action, operation)) }];
    }

    const entry = kmsApi.actions.find(({ name }) => name === action);
    return [action, { required: entry.request.filter(({ required }) => required === true).map(({ name }) => name), errors: distinct(kmsErrors(entry)) }];
  }));
}
