// The process harness of the Node suites: starts the built program as an operator would, waits until it is ready, and
// stops it again. Its C# twin is tests/Shared/KmsProcess.cs.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const repository = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

const configuration = process.env.KMSGATEWAY_CONFIGURATION ?? 'Release';
const readyWithinMs = 60_000;
const stopsWithinMs = 20_000;
const running = new Set();

process.on('exit', () => {
  for (const child of running) {
    child.kill('SIGKILL');
  }
});

/** Path of a built program. */
export function program(part) {
  const assembly = `KmsGateway.${part === 'core' ? 'Core' : 'Gateway'}.dll`;
  const path = join(repository, part, 'bin', configuration, 'net10.0', assembly);
  if (!existsSync(path)) {
    throw new Error(`${path} is not there: build the solution first`);
  }

  return path;
}

/** One child process: its output lines, its exit. */
class Program {
  #exit;

  constructor(part, args, environment, logFile) {
    this.part = part;
    this.lines = [];
    this.child = spawn('dotnet', [program(part), ...args], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(this.child);
    const log = createWriteStream(logFile, { flags: 'a' });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      let rest = '';
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        log.write(text);
        const parts = (rest + text).split('\n');
        rest = parts.pop();
        this.lines.push(...parts);
      });
    }

    this.#exit = new Promise((resolve) => {
      this.child.on('close', (code, signal) => {
        running.delete(this.child);
        log.end();
        resolve({ code, signal });
      });
    });
  }

  get hasExited() {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Addresses the program said it listens on, in its own order. */
  get addresses() {
    return this.lines
      .map((line) => /^listening on:? +(https?:\/\/\S+)$/.exec(line.trim()))
      .filter((match) => match !== null)
      .map((match) => match[1].replace(/\/$/, ''));
  }

  async stop(signal) {
    if (!this.hasExited) {
      this.child.kill(signal);
    }

    const late = pause(stopsWithinMs, null, { ref: false });
    const exit = await Promise.race([this.#exit, late]);
    if (exit === null) {
      this.child.kill('SIGKILL');
      throw new Error(`${this.part} did not stop within ${stopsWithinMs} ms of ${signal}`);
    }

    return exit;
  }

  async until(condition, what) {
    const end = Date.now() + readyWithinMs;
    while (Date.now() < end) {
      if (this.hasExited) {
        throw new Error(`${this.part} exited (${this.child.exitCode ?? this.child.signalCode}) before ${what}:\n${this.tail()}`);
      }

      if (await condition()) {
        return;
      }

      await pause(25);
    }

    throw new Error(`${this.part}: no ${what} within ${readyWithinMs} ms:\n${this.tail()}`);
  }

  tail() {
    return this.lines.slice(-10).map((line) => line.slice(0, 400)).join('\n');
  }
}

/** A running service (one process embedded, two processes split). */
export class Service {
  constructor(topology, settings, logFile) {
    this.topology = topology;
    this.settings = settings;
    /** What the core does not know, in two processes. */
    this.gatewaySettings = {};
    this.logFile = logFile;
    this.directory = mkdtempSync(join(tmpdir(), 'kmsgateway-wire-'));
    this.account = '1000000000000001';
    this.region = 'cn-hangzhou';
    this.accessKeyId = 'LTAI5tRootOfTheWireTests';
    this.accessKeySecret = randomBytes(15).toString('hex');
  }

  get gatewayData() {
    return join(this.directory, 'gateway');
  }

  get coreData() {
    return this.topology === 'split' ? join(this.directory, 'core') : this.gatewayData;
  }

  get certificateAuthority() {
    return join(this.gatewayData, 'tls', 'ca.pem');
  }

  /** Starts everything and returns when `/healthz/ready` answers 200. */
  async start() {
    const coreAddress = this.topology === 'split' ? `http://127.0.0.1:${await freePort()}` : null;
    this.gateway = new Program(
      'gateway',
      ['--urls', 'http://127.0.0.1:0;https://127.0.0.1:0'],
      this.#environment(this.gatewayData, coreAddress === null ? {} : { Kms__Core__Address: coreAddress }),
      this.logFile);
    if (coreAddress !== null) {
      const publicKey = join(this.gatewayData, 'ticket.pub');
      await this.gateway.until(() => existsSync(publicKey), 'ticket.pub');
      this.coreAddress = coreAddress;
      this.core = new Program(
        'core',
        ['--urls', coreAddress],
        this.#environment(this.coreData, { Kms__Tickets__PublicKeys__0: publicKey }),
        this.logFile);
    }

    await this.gateway.until(() => this.gateway.addresses.length >= 2, 'two "listening on" lines');
    this.http = this.gateway.addresses.find((address) => address.startsWith('http://'));
    this.https = this.gateway.addresses.find((address) => address.startsWith('https://'));
    await this.gateway.until(() => isReady(this.http), '/healthz/ready');
    return this;
  }

  /** Stops gracefully; the faults found on the way, an empty list when both programs ended with exit code 0. */
  async stop() {
    const faults = [];
    for (const part of [this.gateway, this.core].filter((each) => each !== undefined)) {
      const { code, signal } = await part.stop('SIGTERM');
      if (code !== 0) {
        faults.push(`${part.part} ended with ${code ?? signal} after SIGTERM, not with exit code 0:\n${part.tail()}`);
      }
    }

    return faults;
  }

  /** `kill -9`. */
  async kill() {
    await Promise.all([this.gateway, this.core].filter((each) => each !== undefined).map((each) => each.stop('SIGKILL')));
  }

  /** Removes the data directory. */
  remove() {
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** What a suite needs to know, as environment variables; `target.mjs` reads them. */
  describe() {
    return {
      KMSGATEWAY_HTTP: this.http,
      KMSGATEWAY_HTTPS: this.https,
      KMSGATEWAY_ACCOUNT: this.account,
      KMSGATEWAY_REGION: this.region,
      KMSGATEWAY_ACCESS_KEY_ID: this.accessKeyId,
      KMSGATEWAY_ACCESS_KEY_SECRET: this.accessKeySecret,
      KMSGATEWAY_TOPOLOGY: this.topology,
      KMSGATEWAY_CORE: this.coreAddress ?? '',
      NODE_EXTRA_CA_CERTS: this.certificateAuthority,
    };
  }

  #environment(dataDirectory, more) {
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(Kms__|KMSGATEWAY_|ASPNETCORE_|NODE_)/.test(name)));
    return {
      ...inherited,
      DOTNET_NOLOGO: '1',
      Kms__DataDirectory: dataDirectory,
      ...more,
      ...(Object.hasOwn(more, 'Kms__Tickets__PublicKeys__0') ? {} : this.#gatewaySettings()),
      ...this.settings,
    };
  }

  #gatewaySettings() {
    return {
      Kms__Region: this.region,
      Kms__Bootstrap__AccountId: this.account,
      Kms__Bootstrap__AccessKeyId: this.accessKeyId,
      Kms__Bootstrap__AccessKeySecret: this.accessKeySecret,
      Kms__Management__Url: 'http://127.0.0.1:0',
      ...this.gatewaySettings,
    };
  }
}

/** A port that was free a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function isReady(address) {
  return new Promise((resolve) => {
    const request = http.get(`${address}/healthz/ready`, { agent: false, timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    // Why: refused while the program starts; the caller asks again until its own deadline, and reports that.
    request.on('error', () => resolve(false));
    request.on('timeout', () => request.destroy());
  });
}
