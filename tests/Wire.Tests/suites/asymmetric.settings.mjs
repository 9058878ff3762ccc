// Keys and versions of key pairs, more of them than an account has by default, and versions as soon as they are asked for.
const quotas = { KeysPerRegion: '1000', AsymmetricVersionsPerRegion: '1000', AsymmetricVersionIntervalDays: '0' };

export const settings = () => ({
  gateway: {}, suite: {}, service: Object.fromEntries(Object.entries(quotas).map(([name, value]) => [`Kms__Quotas__${name}`, value])),
});
