// Raw signed requests by root, for what no client would send.
import { acs3Request, rpcRequest, send } from './signer.mjs';
import { target, versions } from './target.mjs';

/** Sends a KMS request under signature 1.0. */
export const kms = (action, parameters = {}, options = {}) => rpc(versions.kms, action, parameters, options);

/** Sends a RAM request under signature 1.0. */
export const ram = (action, parameters = {}, options = {}) => rpc(versions.ram, action, parameters, options);

/** Sends a request under signature 1.0. */
export const rpc = (version, action, parameters, { credentials = target.root, base = target.http, ...options } = {}) =>
  send(base, rpcRequest(credentials, version, action, parameters, options));

/** Sends a KMS request under ACS3-HMAC-SHA256. */
export const acs3 = (action, parameters = {}, { credentials = target.root, base = target.http, version = versions.kms, ...options } = {}) =>
  send(base, acs3Request(credentials, version, action, parameters, { host: new URL(base).host, ...options }));
