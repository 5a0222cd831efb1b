// Certificates for specs: self-signed, or signed by an authority that no machine trusts.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { X509CertificateGenerator } from '@peculiar/x509';
import type { CertificateFiles } from '../../../core/bus/broker/certificate.js';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

/** The PEM of a certificate for `keys`, signed by an authority made for it. */
export async function issuedFor(keys: webcrypto.CryptoKeyPair): Promise<string> {
  const { privateKey: signingKey } = await newKeys();
  const common = { issuer: 'CN=some authority', signingKey, signingAlgorithm: ALGORITHM };
  const made = await X509CertificateGenerator.create({
    ...common,
    subject: 'CN=chat.example',
    publicKey: keys.publicKey,
  });
  return made.toString('pem');
}

/** The PEM of a certificate that `keys` sign themselves. */
export async function selfSigned(keys: webcrypto.CryptoKeyPair): Promise<string> {
  const made = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=partyline',
    keys,
    signingAlgorithm: ALGORITHM,
  });
  return made.toString('pem');
}

export async function pemOf({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  const bytes = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey));
  return `-----BEGIN PRIVATE KEY-----\n${bytes.toString('base64')}\n-----END PRIVATE KEY-----\n`;
}

/** Writes certificate and key into `folder`. */
export async function writeCertificate(
  folder: string,
  certificate: string,
  keys: webcrypto.CryptoKeyPair,
): Promise<CertificateFiles> {
  const files = { certificate: join(folder, 'certificate.pem'), key: join(folder, 'key.pem') };
  await writeFile(files.certificate, certificate);
  await writeFile(files.key, await pemOf(keys));
  return files;
}
