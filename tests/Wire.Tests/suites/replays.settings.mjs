// Terraform makes a version of a key pair as soon as it has the key.
export const settings = () => ({ gateway: {}, suite: {}, service: { Kms__Quotas__AsymmetricVersionIntervalDays: '0', Kms__Quotas__KeysPerRegion: '1000' } });
