// Every case makes keys of its own: more of them than an account has by default.
export const settings = () => ({ gateway: {}, suite: {}, service: { Kms__Quotas__KeysPerRegion: '100000', Kms__Quotas__AliasesPerRegion: '100000' } });
