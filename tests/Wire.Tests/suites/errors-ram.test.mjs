// Every RAM action of the README's table: a happy path with every official client that has it, and every documented error.
import { ramClients } from '../clients.mjs';
import { describeErrors } from '../errors/driver.mjs';
import { elsewhereOfRam } from '../errors/elsewhere.mjs';
import { penniless } from '../errors/penniless.mjs';
import { cases, rules, unreachable } from '../errors/ram-cases.mjs';
import { versions } from '../target.mjs';

describeErrors({ product: 'RAM', version: versions.ram, clients: ramClients, cases, rules, elsewhere: elsewhereOfRam, unreachable, poor: penniless });
