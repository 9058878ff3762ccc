// Signature 1.0 and ACS3-HMAC-SHA256, written from the specification and not from the product, and a plain HTTP sender.
// Parameters are lists of [name, value] pairs, so that a test can send what no client would.
import { createHash, createHmac, randomUUID } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';

/** RFC 3986: everything but A-Z a-z 0-9 - _ . ~ is escaped. */
export function percentEncode(text) {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

export const stampNow = (offsetSeconds = 0) => new Date(Date.now() + offsetSeconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');

export const pairs = (parameters) => (Array.isArray(parameters) ? parameters : Object.entries(parameters).map(([name, value]) => [name, String(value)]));

const byName = ([left], [right]) => (left < right ? -1 : Number(left > right));

const join = (list, encode = percentEncode) => list.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');

/** Signature 1.0 of a list of pairs. */
export function rpcSignature(method, list, secret, encode = percentEncode) {
  const stringToSign = `${method}&%2F&${encode(join([...list].sort(byName), encode))}`;
  return createHmac('sha1', `${secret}&`).update(stringToSign, 'utf8').digest('base64');
}

/**
 * A request signed by signature 1.0. `common` replaces or removes (undefined) common parameters; `place` says where the
 * parameters go: `query`, `form`, or `split` (common parameters in the query, the others in the form).
 */
export function rpcRequest(credentials, version, action, parameters, options = {}) {
  const { method = 'POST', place = 'query', common = {}, encode = percentEncode, wireEncode = encode, signature } = options;
  const shared = Object.entries({
    Action: action,
    Version: version,
    Format: 'JSON',
    AccessKeyId: credentials.accessKeyId,
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: randomUUID(),
    Timestamp: stampNow(),
    ...common,
  }).filter(([, value]) => value !== undefined);
  const own = pairs(parameters);
  shared.push(['Signature', signature ?? rpcSignature(method, [...shared, ...own], credentials.accessKeySecret, encode)]);
  const query = place === 'query' ? [...shared, ...own] : place === 'split' ? shared : [];
  const form = place === 'form' ? [...shared, ...own] : place === 'split' ? own : [];
  return {
    method,
    path: query.length === 0 ? '/' : `/?${join(query, wireEncode)}`,
    headers: place === 'query' ? {} : { 'content-type': 'application/x-www-form-urlencoded' },
    body: place === 'query' ? '' : join(form, wireEncode),
  };
}

const sha256 = (text) => createHash('sha256').update(text, 'utf8').digest('hex');

/** A request signed by ACS3-HMAC-SHA256. `headers` replaces or removes (undefined) headers before signing. */
export function acs3Request(credentials, version, action, parameters, options = {}) {
  const { method = 'POST', place = 'query', host, headers = {}, unsigned = [] } = options;
  const own = pairs(parameters);
  const body = place === 'form' ? join(own) : '';
  const query = place === 'query' ? own : [];
  const all = Object.fromEntries(Object.entries({
    host,
    'x-acs-action': action,
    'x-acs-version': version,
    'x-acs-date': stampNow(),
    'x-acs-signature-nonce': randomUUID(),
    'x-acs-content-sha256': sha256(body),
    ...(place === 'form' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
    ...headers,
  }).filter(([, value]) => value !== undefined));
  const names = Object.keys(all)
    .filter((name) => name === 'host' || name === 'content-type' || name.startsWith('x-acs-'))
    .filter((name) => !unsigned.includes(name))
    .sort();
  const canonical = [
    method, '/', join([...query].sort(byName)), names.map((name) => `${name}:${all[name].trim()}\n`).join(''), names.join(';'), sha256(body),
  ].join('\n');
  const signature = createHmac('sha256', credentials.accessKeySecret).update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`, 'utf8').digest('hex');
  all.authorization = `ACS3-HMAC-SHA256 Credential=${credentials.accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`;
  return { method, path: query.length === 0 ? '/' : `/?${join(query)}`, headers: all, body };
}

/** Sends; the answer with its text, and its JSON when it is JSON. */
export function send(base, { method, path, headers, body = '' }) {
  const url = new URL(base);
  const transport = url.protocol === 'https:' ? https : http;
  const bytes = Buffer.from(body, 'utf8');
  const framing = ['GET', 'HEAD'].includes(method) && bytes.length === 0 ? {} : { 'content-length': bytes.length };
  return new Promise((resolve, reject) => {
    const request = transport.request(
      { host: url.hostname, port: url.port, method, path, agent: false, headers: { ...headers, ...framing } },
      (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const isJson = /^application\/json/.test(response.headers['content-type'] ?? '');
          resolve({ status: response.statusCode, headers: response.headers, text, json: isJson && text !== '' ? JSON.parse(text) : null });
        });
      });
    request.setTimeout(30_000, () => request.destroy(new Error(`no answer to ${method} ${path.slice(0, 60)} within 30 s`)));
    request.on('error', reject);
    request.end(bytes);
  });
}
