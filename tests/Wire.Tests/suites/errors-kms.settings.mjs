// Every case makes keys of its own: more of them than an account has by default.
const quotas = { KeysPerRegion: '100000', AliasesPerRegion: '100000', AsymmetricVersionsPerRegion: '100000', AsymmetricVersionIntervalDays: '0', CertificatesPerRegion: '100000' };

export const settings = () => ({
  gateway: {}, suite: {}, service: Object.fromEntries(Object.entries(quotas).map(([name, value]) => [`Kms__Quotas__${name}`, value])),
});
