// What each served STS action is called with, and what provokes its errors.
import { kmsClients, stsClients } from '../clients.mjs';
import { Issuer } from '../issuer.mjs';
import { newAssumer, newRole } from '../session.mjs';
import { target } from '../target.mjs';
import { changed } from './driver.mjs';

const roleArn = (name) => `acs:ram::${target.account}:role/${name}`;
export const provider = process.env.KMSGATEWAY_OIDC_PROVIDER;
export const issuer = new Issuer(process.env.KMSGATEWAY_OIDC_ISSUER);

let assumer;

/** A user who may assume roles; root may not. */
const alice = () => (assumer ??= newAssumer());

async function sessionWithoutToken(given) {
  const { Credentials } = await stsClients['sts20150401 (ACS3)'](await alice()).call('AssumeRole', given);
  return { accessKeyId: Credentials.AccessKeyId, accessKeySecret: Credentials.AccessKeySecret };
}

const federated = () => newRole({ Federated: [provider] });
const now = () => Math.floor(Date.now() / 1000);
const token = (claims) => async () => ({ OIDCProviderArn: provider, OIDCToken: issuer.token(claims()), RoleArn: await federated(), RoleSessionName: 'build' });

export const clients = { ...stsClients, 'pop-core POST (1.0)': kmsClients['pop-core POST (1.0)'], 'openapi-client (ACS3)': kmsClients['openapi-client (ACS3)'] };

export const cases = {
  AssumeRole: {
    by: alice,
    given: async () => ({ RoleArn: await newRole(), RoleSessionName: 'nightly' }),
    refused: {
      'InvalidParameter.RoleArn': changed({ RoleArn: 'role' }),
      'InvalidParameter.RoleSessionName': changed({ RoleSessionName: 'x' }),
      'InvalidParameter.DurationSeconds': (given) => [899, 3601].map((DurationSeconds) => ({ ...given, DurationSeconds })),
      'InvalidParameter.PolicyGrammar': changed({ Policy: '{}' }),
      'InvalidParameter.PolicySize': changed({ Policy: ' '.repeat(2049) }),
      MissingSecurityToken: async (given) => ({ parameters: given, by: await sessionWithoutToken(given) }),
      NoPermission: async (given) => [
        { parameters: given, by: target.root },
        { ...given, RoleArn: await newRole({ RAM: [`acs:ram::${target.account}:user/somebody-else`] }) },
      ],
      'EntityNotExist.Role': changed({ RoleArn: roleArn('nobody-made-this') }),
    },
  },
  AssumeRoleWithOIDC: {
    // Why: this call is not signed; only the typed client has a way not to
    clients: ['sts20150401 (ACS3)'],
    by: () => ({ accessKeyId: '', accessKeySecret: '' }),
    given: token(() => ({})),
    refused: {
      'AuthenticationFail.NoPermission': (given) => [{ ...given, OIDCProviderArn: `${provider}-2` }, { ...given, RoleArn: roleArn('nobody-made-this') }],
      'AuthenticationFail.OIDCToken.AudienceNotMatch': token(() => ({ aud: 'client-2' })),
      'AuthenticationFail.OIDCToken.Expired': token(() => ({ exp: now() - 1 })),
      'AuthenticationFail.OIDCToken.Invalid': async (given) => [{ ...given, OIDCToken: 'a.b.c' }, await token(() => ({ nbf: now() + 300 }))()],
      'AuthenticationFail.OIDCToken.InvalidSignature': (given) => ({ ...given, OIDCToken: new Issuer(issuer.address).token({}, { kid: issuer.kid }) }),
      'InvalidParameter.RoleSessionName': changed({ RoleSessionName: 'x' }),
      'InvalidParameter.DurationSeconds': changed({ DurationSeconds: 899 }),
    },
  },
  GetCallerIdentity: { by: alice, given: () => ({}) },
};

export const unreachable = { '* InternalError': 'answers a fault inside the service; a golden file holds its shape' };
