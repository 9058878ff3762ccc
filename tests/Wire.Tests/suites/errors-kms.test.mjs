// Every KMS action of the README's table: a happy path with every official client that has it, and every documented error.
import { kmsClients } from '../clients.mjs';
import { describeErrors } from '../errors/driver.mjs';
import { elsewhereOfKms } from '../errors/elsewhere.mjs';
import { cases, rules, unreachable } from '../errors/kms-cases.mjs';
import { penniless } from '../errors/penniless.mjs';
import { versions } from '../target.mjs';

describeErrors({ product: 'KMS', version: versions.kms, clients: kmsClients, cases, rules, elsewhere: elsewhereOfKms, unreachable, poor: penniless });
