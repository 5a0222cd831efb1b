// The broker's certificate: the operator's own, or one made at the first start.
import { createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { messageOf, OperatorError } from '../../errors.js';
import { createFile, ensurePrivateFolder, isFileError } from '../../files.js';
import type { Clock } from '../../time/clock.js';
import { pinOf } from '../connection/pin.js';

/** Absolute paths of PEM files. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

export interface BrokerTls extends CertificateFiles {
  /** The pin that clients check; see `pinOf`. */
  readonly pin: string;
}

// Clients check the key, not the dates; the certificate must outlast the deployment.
const LIFETIME_YEARS = 50;
// Tolerates a client's clock that is behind.
const DAY_MS = 24 * 60 * 60 * 1_000;

/** Loads the operator's certificate. Throws an `OperatorError` if the files cannot be used or do not match. */
export async function ownCertificate(files: CertificateFiles): Promise<BrokerTls> {
  const paths = { certificate: resolve(files.certificate), key: resolve(files.key) };
  try {
    const certificate = new X509Certificate(await readNamed(paths.certificate));
    if (!certificate.checkPrivateKey(createPrivateKey(await readNamed(paths.key)))) {
      throw new Error('the key does not match the certificate');
    }
    return { ...paths, pin: pinOf(certificate) };
  } catch (cause) {
    throw new OperatorError(
      `the certificate ${paths.certificate} and the key ${paths.key} cannot be used: ${messageOf(cause)}`,
      'Pass a certificate (or chain) and its key as PEM files that this user can read: --tls-cert FILE --tls-key FILE.',
      { cause },
    );
  }
}

/** Reads one of the files. The error names the file. */
async function readNamed(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new Error(`${path}: ${messageOf(cause)}`, { cause });
  }
}

/**
 * Loads the certificate of `home` (`tls.pem`, mode 0600), and makes one if the home has none. Throws an `OperatorError` if the
 * stored certificate is damaged.
 */
export async function madeCertificate(home: string, clock: Clock): Promise<BrokerTls> {
  const path = join(home, 'tls.pem');
  await ensurePrivateFolder(home);
  if (!(await isThere(path))) await createFile(path, await makePem(clock));
  try {
    return { certificate: path, key: path, pin: pinOf(new X509Certificate(await readFile(path))) };
  } catch (cause) {
    throw new OperatorError(
      `the certificate ${path} is damaged: ${messageOf(cause)}`,
      `Restore ${path} from a backup. Or remove it: the next start makes a new one, and then everyone needs a new invite.`,
      { cause },
    );
  }
}

async function makePem(clock: Clock): Promise<string> {
  // Loaded only when needed: it is slow, and used once in a deployment.
  await import('reflect-metadata');
  const { X509CertificateGenerator } = await import('@peculiar/x509');
  const signingAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify']);
  const notBefore = new Date(clock.now() - DAY_MS);
  const notAfter = new Date(notBefore);
  notAfter.setFullYear(notBefore.getFullYear() + LIFETIME_YEARS);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=partyline',
    notBefore,
    notAfter,
    signingAlgorithm,
    keys,
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const lines = key.match(/.{1,64}/g) ?? [];
  return `${certificate.toString('pem')}\n-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await readFile(path);
    return true;
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return false;
    throw error;
  }
}
