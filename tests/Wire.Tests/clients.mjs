// The vendor's clients, unmodified, behind one shape: call(action, parameters) answers the body with the service's own
// member names or throws a Refusal. Every client talks HTTPS and trusts the service through NODE_EXTRA_CA_CERTS only.
import PopCore from '@alicloud/pop-core';
import * as OpenApi from '@alicloud/openapi-client';
import * as Kms from '@alicloud/kms20160120';
import LegacyKms from '@alicloud/kms-sdk';
import * as Ram from '@alicloud/ram20150501';
import * as Sts from '@alicloud/sts20150401';
import * as TeaUtil from '@alicloud/tea-util';
import { target, versions } from './target.mjs';

const timeouts = { readTimeout: 30_000, connectTimeout: 10_000 };
const hostAndPort = (address) => new URL(address).host;
const lowerFirst = (text) => text[0].toLowerCase() + text.slice(1);
const classOf = (module) => module.default?.default ?? module.default;
const exportsOf = (module) => (module.default?.default === undefined ? module : module.default);

/** What the service said no with. `status` is undefined where a client hides it. */
export class Refusal extends Error {
  constructor(code, status, message, data) {
    super(`${code}: ${message}`);
    this.code = code;
    this.status = status;
    this.text = message;
    this.data = data;
  }
}

/** The client has no member for this parameter. */
export class TooOld extends Error {}

/** The request class of a typed client, filled by the wire's names. */
function filled(Request, parameters) {
  const members = Object.fromEntries(Object.entries(Request.names()).map(([member, wire]) => [wire, member]));
  return new Request(Object.fromEntries(Object.entries(parameters).map(([name, value]) => {
    if (members[name] === undefined) {
      throw new TooOld(`${Request.name} has no ${name}`);
    }

    return [members[name], value];
  })));
}

const asText = (parameters) => Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)]));

/** @alicloud/kms20160120 1.2.0: signature 1.0, POST with everything in the query. */
function kms20160120(credentials) {
  const models = exportsOf(Kms);
  const client = new (classOf(Kms))({
    ...credentials, endpoint: hostAndPort(target.https), protocol: 'https', regionId: target.region, type: 'access_key', ...timeouts,
  });
  return {
    has: (version, action) => version === versions.kms && typeof client[lowerFirst(action)] === 'function',
    async call(action, parameters) {
      const Request = models[`${action}Request`];
      const request = Request === undefined ? {} : filled(Request, parameters);
      try {
        return (await client[lowerFirst(action)](request)).toMap();
      } catch (error) {
        throw refusal(error, (code) => code.replace(/Error$/, ''));
      }
    },
  };
}

/** @alicloud/pop-core 1.8.0: signature 1.0, GET with a query or POST with a form. */
const popCore = (method) => function popCoreClient(credentials, version) {
  const client = new PopCore({ ...credentials, endpoint: target.https, apiVersion: version, opts: { timeout: 30_000 } });
  return {
    has: () => true,
    async call(action, parameters) {
      try {
        // Why: this client's JSON has no prototypes, which deep comparison would see
        return JSON.parse(JSON.stringify(await client.request(action, asText(parameters), { method })));
      } catch (error) {
        throw refusal(error);
      }
    },
  };
};

/** @alicloud/openapi-client 0.4.15, generic call: ACS3-HMAC-SHA256. */
function openApi(credentials, version) {
  const models = exportsOf(OpenApi);
  const client = new (classOf(OpenApi))(new models.Config({ ...credentials, endpoint: hostAndPort(target.https), protocol: 'https', ...timeouts }));
  return {
    has: () => true,
    async call(action, parameters) {
      const what = new models.Params({
        action, version, protocol: 'HTTPS', pathname: '/', method: 'POST', authType: 'AK', style: 'RPC', reqBodyType: 'formData', bodyType: 'json',
      });
      try {
        const { body } = await client.callApi(what, new models.OpenApiRequest({ query: asText(parameters) }), new (exportsOf(TeaUtil).RuntimeOptions)({}));
        return body;
      } catch (error) {
        throw refusal(error);
      }
    },
  };
}

/** @alicloud/openapi-client 0.4.15, generic call in the ROA style, JSON in and out: ACS3-HMAC-SHA256 over path and body. */
export function policyClient(credentials) {
  const models = exportsOf(OpenApi);
  const client = new (classOf(OpenApi))(new models.Config({ ...credentials, endpoint: hostAndPort(target.https), protocol: 'https', ...timeouts }));
  return {
    async call(action, pathname, body) {
      const what = new models.Params({
        action, version: versions.policy, protocol: 'HTTPS', pathname, method: body === undefined ? 'GET' : 'POST', authType: 'AK', style: 'ROA',
        reqBodyType: 'json', bodyType: 'json',
      });
      const request = new models.OpenApiRequest(body === undefined ? {} : { body });
      try {
        return (await client.callApi(what, request, new (exportsOf(TeaUtil).RuntimeOptions)({}))).body;
      } catch (error) {
        throw refusal(error);
      }
    },
  };
}

/** @alicloud/ram20150501 and @alicloud/sts20150401, typed: ACS3-HMAC-SHA256. */
const typed = (module, itsVersion) => function typedClient(credentials) {
  const models = exportsOf(module);
  const config = { ...credentials, endpoint: hostAndPort(target.https), protocol: 'https', regionId: target.region, ...timeouts, toMap: () => config };
  const client = new (classOf(module))(config);
  return {
    has: (version, action) => version === itsVersion && typeof client[lowerFirst(action)] === 'function',
    async call(action, parameters) {
      const Request = models[`${action}Request`];
      try {
        if (Request === undefined) {
          return (await client[lowerFirst(action)]()).toMap().body;
        }

        return (await client[lowerFirst(action)](filled(Request, parameters))).toMap().body;
      } catch (error) {
        throw refusal(error);
      }
    },
  };
};

function refusal(error, spell = (code) => code) {
  const data = error.data ?? error;
  if (typeof error.code !== 'string' || (data.RequestId ?? data.requestId) === undefined) {
    return error;
  }

  const status = error.statusCode ?? data.statusCode ?? error.entry?.response.statusCode ?? (Number(/code: (\d{3}),/.exec(error.message)?.[1]) || undefined);
  return new Refusal(spell(error.code), status, data.Message ?? error.message, data);
}

/** Clients that speak KMS, by the name in test titles. */
export const kmsClients = {
  'kms20160120 (1.0)': kms20160120,
  'pop-core GET (1.0)': popCore('GET'),
  'pop-core POST (1.0)': popCore('POST'),
  'openapi-client (ACS3)': openApi,
};

/** Clients that speak RAM. */
export const ramClients = {
  'ram20150501 (ACS3)': typed(Ram, versions.ram),
  'pop-core GET (1.0)': popCore('GET'),
  'pop-core POST (1.0)': popCore('POST'),
};

/** Clients that speak STS. */
export const stsClients = {
  'sts20150401 (ACS3)': typed(Sts, versions.sts),
};

/** @alicloud/kms-sdk 1.1.0, as it is: HTTPS, GET, no nonce, milliseconds. */
export const legacyKms = (credentials) => new LegacyKms({ ...credentials, endpoint: hostAndPort(target.https) });
