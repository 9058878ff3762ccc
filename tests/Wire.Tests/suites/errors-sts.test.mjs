// Every STS action of the README's table: a happy path with every official client that has it, and every documented error.
import { after, before } from 'node:test';
import { describeErrors } from '../errors/driver.mjs';
import { penniless } from '../errors/penniless.mjs';
import { cases, clients, issuer, unreachable } from '../errors/sts-cases.mjs';
import { versions } from '../target.mjs';

before(() => issuer.listen());
after(() => issuer.close());

describeErrors({ product: 'STS', version: versions.sts, clients, cases, rules: () => undefined, unreachable, poor: penniless });
