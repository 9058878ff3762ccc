// What the service of the STS suite is started with: an issuer on a port that the suite opens later.
import { freePort } from '../harness.mjs';

export async function settings(service) {
  const issuer = `http://127.0.0.1:${await freePort()}`;
  const provider = `acs:ram::${service.account}:oidc-provider/ci`;
  return {
    service: { Kms__Sts__OidcProviders__0: `${provider} ${issuer} client-1` },
    suite: { KMSGATEWAY_OIDC_ISSUER: issuer, KMSGATEWAY_OIDC_PROVIDER: provider },
  };
}
