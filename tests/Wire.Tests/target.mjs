// What the suites talk to: the service that suites.mjs started for this file.
function required(name) {
  const value = process.env[name];
  if (value === undefined) {
    throw new Error(`${name} is not set: run the suites by "node suites.mjs"`);
  }

  return value;
}

export const target = {
  http: required('KMSGATEWAY_HTTP'),
  https: required('KMSGATEWAY_HTTPS'),
  account: required('KMSGATEWAY_ACCOUNT'),
  region: required('KMSGATEWAY_REGION'),
  topology: required('KMSGATEWAY_TOPOLOGY'),
  root: {
    accessKeyId: required('KMSGATEWAY_ACCESS_KEY_ID'),
    accessKeySecret: required('KMSGATEWAY_ACCESS_KEY_SECRET'),
  },
};

export const versions = { kms: '2016-01-20', ram: '2015-05-01', sts: '2015-04-01', policy: '2026-03-01' };

/** A name no other test of this run uses. */
let counter = 0;
export const fresh = (prefix) => `${prefix}-${process.pid}-${++counter}`;
