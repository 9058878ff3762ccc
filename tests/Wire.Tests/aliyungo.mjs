// The Go client aliyungo, built from Debian's package of its source, driven over its standard streams.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Refusal } from './clients.mjs';
import { repository } from './harness.mjs';
import { target } from './target.mjs';

const packages = '/usr/share/gocode';

/** Builds the program; the path of it. */
function build() {
  const folder = join(repository, 'artifacts', 'wire', 'go');
  mkdirSync(folder, { recursive: true });
  const program = join(folder, 'aliyungo');
  const environment = {
    ...process.env, GOPATH: packages, GO111MODULE: 'off', GOFLAGS: '', GOPROXY: 'off', CGO_ENABLED: '0', GOCACHE: process.env.GOCACHE ?? join(folder, 'cache'),
  };
  const { status, stderr, error } = spawnSync('go', ['build', '-o', program, '.'], {
    cwd: join(repository, 'tests', 'Wire.Tests', 'go', 'aliyungo'), env: environment, encoding: 'utf8',
  });
  if (status !== 0) {
    throw new Error(`go build failed; it needs Debian's golang-go and golang-github-denverdino-aliyungo-dev: ${error?.message ?? stderr}`);
  }

  return program;
}

/** A running aliyungo against the service's HTTPS address, trusting the service's CA only. */
export class Aliyungo {
  #child;
  #answers;

  constructor() {
    const endpoints = { KMS_ENDPOINT: target.https, RAM_ENDPOINT: target.https, STS_ENDPOINT: target.https };
    this.#child = spawn(build(), [], {
      env: { ...process.env, ...endpoints, SSL_CERT_FILE: process.env.NODE_EXTRA_CA_CERTS, SSL_CERT_DIR: '/nonexistent' }, stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Calls a method of its kms, ram or sts client as `credentials`; the answer with the client's own members, or a Refusal. */
  async call(client, method, args, credentials = target.root) {
    const key = { AccessKeyId: credentials.accessKeyId, AccessKeySecret: credentials.accessKeySecret, SecurityToken: credentials.securityToken ?? '' };
    this.#child.stdin.write(`${JSON.stringify({ client, key, method, arguments: args })}\n`);
    const { value, done } = await this.#answers.next();
    if (done) {
      throw new Error('aliyungo ended');
    }

    const { answer, refused, fault } = JSON.parse(value);
    if (fault !== undefined) {
      throw new Error(`${client}.${method}: ${fault}`);
    }

    if (refused !== undefined) {
      throw new Refusal(refused.code, refused.status, refused.message, refused);
    }

    return answer;
  }

  close() {
    this.#child.stdin.end();
  }
}
