// Every case makes entities of its own: more of them than an account has by default.
const quotas = ['Users', 'Groups', 'Roles', 'Policies'].map((kind) => [`Kms__Quotas__${kind}PerAccount`, '100000']);

export const settings = () => ({ gateway: Object.fromEntries(quotas), service: {}, suite: {} });
