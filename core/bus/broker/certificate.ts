// With what a broker proves itself to its clients: a certificate of the operator's own, or one made here at first start.
import { createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { messageOf, OperatorError } from '../../errors.js';
import { createFile, ensurePrivateFolder, isFileError } from '../../files.js';
import type { Clock } from '../../time/clock.js';
import { pinOf } from '../connection/pin.js';

/** Paths of PEM files, absolute. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

export interface BrokerTls extends CertificateFiles {
  /** By which clients know it; see `pinOf`. */
  readonly pin: string;
}

// Nobody believes it for its date, but for its key; it must outlast the deployment.
const LIFETIME_YEARS = 50;
// A client's clock may be behind.
const DAY_MS = 24 * 60 * 60 * 1_000;

/** The operator's own. Throws an `OperatorError` if the files cannot be used, or do not belong together. */
export async function ownCertificate(files: CertificateFiles): Promise<BrokerTls> {
  const paths = { certificate: resolve(files.certificate), key: resolve(files.key) };
  try {
    const certificate = new X509Certificate(await readFile(paths.certificate));
    if (!certificate.checkPrivateKey(createPrivateKey(await readFile(paths.key)))) {
      throw new Error('the key is not that of the certificate');
    }
    return { ...paths, pin: pinOf(certificate) };
  } catch (cause) {
    throw new OperatorError(
      `the certificate ${paths.certificate} with the key ${paths.key} cannot be used: ${messageOf(cause)}`,
      'Name a certificate (or chain) and its key as PEM files that this user can read: --tls-cert FILE --tls-key FILE.',
      { cause },
    );
  }
}

/** The one of this home (`tls.pem`, mode 0600), made if there is none. Throws an `OperatorError` if it is damaged. */
export async function madeCertificate(home: string, clock: Clock): Promise<BrokerTls> {
  const path = join(home, 'tls.pem');
  await ensurePrivateFolder(home);
  if (!(await isThere(path))) await createFile(path, await makePem(clock));
  try {
    return { certificate: path, key: path, pin: pinOf(new X509Certificate(await readFile(path))) };
  } catch (cause) {
    throw new OperatorError(
      `the certificate ${path} is damaged: ${messageOf(cause)}`,
      `Restore ${path} from a backup; or remove it to have another made, which needs a new invite for everyone.`,
      { cause },
    );
  }
}

async function makePem(clock: Clock): Promise<string> {
  // Needed once in a deployment's life, and slow to load.
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
