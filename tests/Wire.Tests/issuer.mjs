// An OIDC issuer for the STS suite: discovery, JWKS, tokens, with Node's own cryptography.
import { createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import http from 'node:http';

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

export class Issuer {
  constructor(address) {
    this.address = address;
    this.rotate();
  }

  /** A new key; the old one is no longer published. */
  rotate() {
    this.kid = randomUUID();
    this.pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  }

  listen() {
    this.server = http.createServer((request, response) => {
      const documents = {
        '/.well-known/openid-configuration': { issuer: this.address, jwks_uri: `${this.address}/jwks` },
        '/jwks': { keys: [{ ...this.pair.publicKey.export({ format: 'jwk' }), kid: this.kid, use: 'sig', alg: 'RS256' }] },
      };
      const document = documents[request.url];
      response.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(document ?? {}));
    });
    return new Promise((resolve) => this.server.listen(Number(new URL(this.address).port), '127.0.0.1', resolve));
  }

  close() {
    return new Promise((resolve) => {
      this.server.close(resolve);
      this.server.closeAllConnections();
    });
  }

  token(claims = {}, header = {}) {
    const now = Math.floor(Date.now() / 1000);
    const all = { iss: this.address, aud: 'client-1', sub: 'repo:acme/app', iat: now, exp: now + 600, ...claims };
    const signed = `${encode({ alg: 'RS256', typ: 'JWT', kid: this.kid, ...header })}.${encode(all)}`;
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(this.pair.privateKey).toString('base64url')}`;
  }
}
