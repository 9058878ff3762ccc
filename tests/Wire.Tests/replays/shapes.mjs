// How clients that cannot run here put a call on the wire, read from their source (audit-and-service-keys.md part C).
import { percentEncode, rpcRequest } from '../signer.mjs';
import { target, versions } from '../target.mjs';

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const region = { RegionId: target.region };
const goAgent = { 'user-agent': 'AlibabaCloud (linux; amd64) Golang/1.19.8 Core/0.0.1' };

function request(credentials, action, parameters, options, headers = {}) {
  const { securityToken, ...keys } = credentials;
  const token = securityToken === undefined ? {} : { [options.token ?? 'SecurityToken']: securityToken };
  const made = rpcRequest(keys, versions.kms, action, { ...parameters, ...token }, options);
  return { ...made, headers: { ...made.headers, ...headers } };
}

/** A request of each client: (credentials, action, parameters) => request. */
export const shapes = {
  // POST, everything in the query, an empty form body, and an empty SignatureType that is signed
  'alibaba-cloud-sdk-go': (credentials, action, parameters) =>
    request(credentials, action, { ...region, SignatureType: '', ...parameters }, { method: 'POST', place: 'query' }, { ...form, ...goAgent }),
  // the provider's generated calls: POST, common parameters in the query, the action's in the form
  terraform: (credentials, action, parameters) =>
    request(credentials, action, { ...region, ...parameters }, { method: 'POST', place: 'split' }, { 'user-agent': 'HashiCorp-Terraform' }),
  // GET, blanks as + on the wire and %20 in the signed text, EncryptionContext flattened
  aliyungo: (credentials, action, { EncryptionContext, ...parameters }) => request(
    credentials, action, { ...parameters, ...flattened(EncryptionContext) },
    { method: 'GET', place: 'query', wireEncode: (text) => percentEncode(text).replace(/%20/g, '+') }),
  // aliyun-java-sdk-core: POST, everything in the query, format of the answer as asked
  'aliyun-java-sdk-core': (credentials, action, parameters) =>
    request(credentials, action, { ...region, ...parameters }, { method: 'POST', place: 'query' }, { ...form, accept: 'application/json', 'x-sdk-client': 'Java/2.0.0' }),
  // aliyun-python-sdk-core: POST, everything in the query; oss2 names the session's token STSToken
  'aliyun-python-sdk-core': (credentials, action, parameters) =>
    request(credentials, action, { ...region, ...parameters }, { method: 'POST', place: 'query', token: 'STSToken' }, form),
  // GET, no nonce, milliseconds, !'()* bare, no empty values, json in lower case
  'kms-sdk': (credentials, action, parameters) => request(
    credentials, action, Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== '')),
    { method: 'GET', place: 'query', encode: encodeURIComponent, common: { SignatureNonce: undefined, Format: 'json', Timestamp: new Date().toISOString() } }),
};

function flattened(context) {
  return Object.fromEntries(Object.entries(context === undefined ? {} : JSON.parse(context)).flatMap(([key, value], index) => [
    [`EncryptionContext.${index + 1}.Key`, key], [`EncryptionContext.${index + 1}.Value`, value]]));
}
