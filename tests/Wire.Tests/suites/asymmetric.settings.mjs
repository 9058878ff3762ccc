// Versions of key pairs can be made at once, and more of them than an account has by default.
export const settings = () => ({
  gateway: {},
  service: { Kms__Quotas__AsymmetricVersionsPerRegion: '1000', Kms__Quotas__AsymmetricVersionIntervalDays: '0' },
  suite: {},
});
