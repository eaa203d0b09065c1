// A double of Google Cloud KMS over its own gRPC protocol and TLS: it really encrypts, under keys of its own, checks the
// checksums that it is sent, has versions, and misbehaves when asked to. Nothing is kept.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { protos } from '@google-cloud/kms';
import { CRC32C } from '@google-cloud/storage';

import { makeCertificate } from './certificate.ts';
import { GrpcError, grpcStatus, startGrpcServer } from './pubsub-double-grpc.ts';
import { makeSigningKey } from './storage-double-signature.ts';

const v1 = protos.google.cloud.kms.v1;

/** What it does wrong with one request. */
type KmsFault =
  | { status: number; message?: string }
  /** Its answer's bytes differ from its checksum. */
  | 'changes-answer'
  /** It says that it did not check what it was sent. */
  | 'does-not-verify'
  | 'hangs';

export type KmsDouble = Awaited<ReturnType<typeof startKmsDouble>>;

/** This process trusts it until it is closed; others by `environment`, whose files are put into `folder`. */
export async function startKmsDouble({ folder }: { folder: string }) {
  /** By name, its versions; the last is the primary one. */
  const keys = new Map<string, Buffer[]>();
  const disabled = new Set<string>();
  const faults: KmsFault[] = [];
  const hanging: PromiseWithResolvers<never>[] = [];
  let requests = 0;
  let denied = false;

  async function answer(name: string, authorization: string | undefined): Promise<KmsFault | undefined> {
    requests += 1;
    if (!authorization?.startsWith('Bearer ')) {
      throw new GrpcError(
        grpcStatus.unauthenticated,
        'Request is missing required authentication credential.',
      );
    }
    const fault = faults.shift();
    if (fault === 'hangs') {
      const held = Promise.withResolvers<never>();
      hanging.push(held);
      return held.promise;
    }
    if (typeof fault === 'object') throw new GrpcError(fault.status, fault.message ?? 'asked to fail');
    if (denied) {
      throw new GrpcError(
        grpcStatus.permissionDenied,
        `Permission 'cloudkms.cryptoKeyVersions.useToEncrypt' denied on resource '${name}' (or it may not exist).`,
      );
    }
    if (!keys.has(name)) throw new GrpcError(grpcStatus.notFound, `CryptoKey ${name} not found.`);
    return fault;
  }

  const unary = {
    '/google.cloud.kms.v1.KeyManagementService/Encrypt': async (
      bytes: Uint8Array,
      authorization?: string,
    ) => {
      const request = v1.EncryptRequest.decode(bytes);
      const fault = await answer(request.name, authorization);
      check('plaintext', request.plaintext, request.plaintextCrc32c);
      const context = request.additionalAuthenticatedData;
      check('additional_authenticated_data', context, request.additionalAuthenticatedDataCrc32c);
      const versions = keys.get(request.name)!;
      const name = `${request.name}/cryptoKeyVersions/${versions.length}`;
      if (disabled.has(name)) throw new GrpcError(grpcStatus.failedPrecondition, `${name} is not enabled.`);
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', versions.at(-1)!, nonce).setAAD(context as Uint8Array);
      const body = [cipher.update(request.plaintext as Uint8Array), cipher.final()];
      const ciphertext = Buffer.concat([Buffer.from([versions.length]), nonce, ...body, cipher.getAuthTag()]);
      const ciphertextCrc32c = { value: crc32cOf(ciphertext) };
      if (fault === 'changes-answer') ciphertext[20]! ^= 1;
      const verified = fault !== 'does-not-verify';
      return v1.EncryptResponse.encode({
        name,
        ciphertext,
        ciphertextCrc32c,
        verifiedPlaintextCrc32c: verified,
        verifiedAdditionalAuthenticatedDataCrc32c: verified,
      }).finish();
    },

    '/google.cloud.kms.v1.KeyManagementService/Decrypt': async (
      bytes: Uint8Array,
      authorization?: string,
    ) => {
      const request = v1.DecryptRequest.decode(bytes);
      const fault = await answer(request.name, authorization);
      check('ciphertext', request.ciphertext, request.ciphertextCrc32c);
      const context = request.additionalAuthenticatedData;
      check('additional_authenticated_data', context, request.additionalAuthenticatedDataCrc32c);
      const ciphertext = Buffer.from(request.ciphertext as Uint8Array);
      const version = ciphertext[0]!;
      const name = `${request.name}/cryptoKeyVersions/${version}`;
      if (disabled.has(name)) throw new GrpcError(grpcStatus.failedPrecondition, `${name} is not enabled.`);
      const plaintext = decrypted(keys.get(request.name)![version - 1], ciphertext, context as Uint8Array);
      const plaintextCrc32c = { value: crc32cOf(plaintext) };
      if (fault === 'changes-answer') plaintext[0]! ^= 1;
      return v1.DecryptResponse.encode({ plaintext, plaintextCrc32c }).finish();
    },
  };

  const certificate = makeCertificate('localhost');
  const trusted = join(folder, 'kms-double.pem');
  const account = join(folder, 'kms-account.json');
  await writeFile(trusted, certificate.cert);
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, certificate.cert]);
  const server = await startGrpcServer({ unary, streaming: {} }, certificate);
  await writeFile(account, makeSigningKey().keyFile);
  return {
    endpoint: `https://localhost:${new URL(`http://${server.host}`).port}`,
    environment: {
      NODE_EXTRA_CA_CERTS: trusted,
      GOOGLE_APPLICATION_CREDENTIALS: account,
      METADATA_SERVER_DETECTION: 'none',
    },
    requests: () => requests,
    /** Makes the key, or a new primary version of it. */
    rotate(name: string): void {
      keys.set(name, [...(keys.get(name) ?? []), randomBytes(32)]);
    },
    /** Requests are answered with what it was before its last rotation, as by a replica that is late. */
    late(name: string): () => void {
      const now = keys.get(name)!;
      keys.set(name, now.slice(0, -1));
      return () => void keys.set(name, now);
    },
    disable: (version: string) => void disabled.add(version),
    deny(value = true): void {
      denied = value;
    },
    /** For the next requests, one each. */
    misbehave: (...next: KmsFault[]) => void faults.push(...next),
    async close(): Promise<void> {
      setDefaultCACertificates(before);
      for (const { reject } of hanging) reject(new GrpcError(grpcStatus.unavailable, 'closing'));
      await server.close();
    },
  };
}

function decrypted(key: Buffer | undefined, ciphertext: Buffer, context: Uint8Array): Buffer {
  const invalid = new GrpcError(
    grpcStatus.invalidArgument,
    "Decryption failed: verify that 'name' refers to the correct CryptoKey.",
  );
  if (key === undefined || ciphertext.length < 29) throw invalid;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, ciphertext.subarray(1, 13));
    decipher.setAAD(context).setAuthTag(ciphertext.subarray(-16));
    return Buffer.concat([decipher.update(ciphertext.subarray(13, -16)), decipher.final()]);
  } catch {
    throw invalid;
  }
}

function check(
  field: string,
  bytes: Uint8Array | string,
  sum: protos.google.protobuf.IInt64Value | null | undefined,
): void {
  if (crc32cOf(bytes as Uint8Array) === Number(sum?.value)) return;
  throw new GrpcError(
    grpcStatus.invalidArgument,
    `The checksum in field ${field}_crc32c did not match the data in field ${field}.`,
  );
}

/** Of another's making than the adapter's. */
function crc32cOf(bytes: Uint8Array): number {
  const sum = new CRC32C();
  sum.update(Buffer.from(bytes));
  return sum.valueOf() >>> 0;
}
