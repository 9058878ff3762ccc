// A RAM user without any policy, made when first asked for.
import { ramClients } from '../clients.mjs';
import { fresh, target, versions } from '../target.mjs';

let user;

/** Credentials of that user. */
export function penniless() {
  user ??= make();
  return user;
}

async function make() {
  const ram = ramClients['pop-core POST (1.0)'](target.root, versions.ram);
  const UserName = fresh('penniless');
  await ram.call('CreateUser', { UserName });
  const { AccessKey } = await ram.call('CreateAccessKey', { UserName });
  return { accessKeyId: AccessKey.AccessKeyId, accessKeySecret: AccessKey.AccessKeySecret };
}
