import { clientProfileService } from '@lisible/client-profile';
import { artefactKeys, championPointerSchema, modelFiles } from '@lisible/contracts';
import { apiAudience, apiResource, createDemoIssuer, dashboardClientId, demoIssuerPath } from '@lisible/demo-issuer';
import { explainerService } from '@lisible/explainer';
import { gatewayService } from '@lisible/gateway';
import type { UpstreamName } from '@lisible/gateway';
import {
  crashPointFromEnvironment,
  createEmbeddedCourier,
  lockStateFolder,
  openDuckDbTables,
  openEmbeddedDatabase,
  openFolderArtefacts,
  startService,
  systemClock,
} from '@lisible/platform';
import type { ArtefactStore, Database, PlatformPorts, RunningService, ServiceDefinition } from '@lisible/platform';
import { scoringService } from '@lisible/scoring';
import { trainerService } from '@lisible/trainer';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { keepOneAddress } from './canonical-address.ts';
import { createScriptCredentials } from './script-credentials.ts';
import { StartError, originOf } from './settings.ts';
import type { Settings } from './settings.ts';

/** The embedded parts, open and locked. */
export interface EmbeddedParts {
  readonly ports: PlatformPorts & { readonly database: Database };
  readonly artefacts: ArtefactStore;
  close(): Promise<void>;
}

export interface RunningPlatform {
  readonly origin: string;
  readonly artefacts: ArtefactStore;
  readonly internalToken: string;
  /** Resolves when the records can be neither read nor written any more, though nobody closed the platform. */
  readonly ended: Promise<Error>;
  urlOf(service: UpstreamName): string;
  /** What `/health/ready` says that is still awaited; null when nothing. */
  announce(waitingFor: string | null): void;
  close(): Promise<void>;
}

/** Takes the state folder and opens what is in it. @throws StateFolderError */
export const openEmbeddedParts = async (settings: Settings): Promise<EmbeddedParts> => {
  const undo = new AsyncDisposableStack();
  try {
    const lock = await lockStateFolder(settings.home);
    undo.defer(() => lock.release());
    const crashPoint = crashPointFromEnvironment();
    const database = await openEmbeddedDatabase(settings.home);
    undo.defer(() => database.close());
    const tables = await openDuckDbTables();
    undo.defer(() => tables.close());
    const artefacts = await openFolderArtefacts(join(settings.home, 'artefacts'), crashPoint);
    const courier = createEmbeddedCourier({ database, clock: systemClock, crashPoint });
    undo.defer(() => courier.close());
    const ports = {
      database,
      courier,
      artefacts,
      tables,
      clock: systemClock,
      internalToken: randomBytes(32).toString('base64url'),
      logLevel: settings.logLevel,
      crashPoint,
    };
    const parts = undo.move();
    return { ports, artefacts, close: () => parts.disposeAsync() };
  } catch (error) {
    await undo.disposeAsync();
    throw error;
  }
};

/** The five services in one process, wired as they will be apart. The gateway listens when this resolves. */
export const startPlatform = async (settings: Settings): Promise<RunningPlatform> => {
  const undo = new AsyncDisposableStack();
  try {
    const parts = await openEmbeddedParts(settings);
    const { ports, artefacts } = parts;
    undo.defer(() => parts.close());
    await checkLender(artefacts, settings);
    const start = async (definition: ServiceDefinition, port = 0): Promise<RunningService> => {
      const service = await startService(definition, ports, { host: settings.host, port });
      undo.defer(() => service.close());
      return service;
    };
    const services = {
      trainer: await start(trainerService(settings.lender)),
      explainer: await start(explainerService(settings.lender)),
      scoring: await start(scoringService),
      'client-profile': await start(clientProfileService(settings.lender)),
    };
    const origin = originOf(settings);
    const credentials = await createScriptCredentials(settings.home, origin);
    undo.defer(() => credentials.remove());
    let awaited: string | null = 'start';
    await start(
      gatewayAt(
        origin,
        ports,
        {
          trainer: services.trainer.url,
          explainer: services.explainer.url,
          scoring: services.scoring.url,
          'client-profile': services['client-profile'].url,
        },
        credentials.secret,
        () => awaited,
      ),
      settings.port,
    );
    const running = undo.move();
    return {
      origin,
      artefacts,
      internalToken: ports.internalToken,
      ended: ports.database.ended,
      urlOf: (name) => services[name].url,
      announce: (waitingFor) => {
        awaited = waitingFor;
      },
      close: () => running.disposeAsync(),
    };
  } catch (error) {
    await undo.disposeAsync();
    throw error;
  }
};

const gatewayAt = (
  origin: string,
  ports: PlatformPorts,
  services: Readonly<Record<UpstreamName, string>>,
  scriptsSecret: string,
  waitingFor: () => string | null,
): ServiceDefinition => {
  const issuer = createDemoIssuer({ origin, scriptsSecret });
  return gatewayService({
    services,
    internalToken: ports.internalToken,
    oidc: { issuer: issuer.issuer, audience: apiAudience },
    browser: { oidc: { authority: issuer.issuer, clientId: dashboardClientId, scope: 'openid profile', resource: apiResource } },
    dashboardFolder: fileURLToPath(new URL('../../frontend/dist', import.meta.url)),
    requestsPerMinute,
    waitingFor,
    mount: async (app) => {
      const fastify = app.getHttpAdapter().getInstance();
      keepOneAddress(fastify, origin);
      await fastify.register(
        (mounted, _options, done) => {
          // The issuer reads the bodies of its forms itself.
          mounted.removeAllContentTypeParsers();
          mounted.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null));
          mounted.all('/*', (request, reply) => {
            reply.hijack();
            issuer.handle(request.raw, reply.raw);
          });
          done();
        },
        { prefix: demoIssuerPath },
      );
    },
  });
};

/** A state folder belongs to one lender: its records hold that lender's applications. */
const checkLender = async (artefacts: ArtefactStore, { home, lender }: Settings): Promise<void> => {
  const pointer = await artefacts.find(artefactKeys.champion);
  if (pointer === null) return;
  const { modelVersion } = championPointerSchema.parse(parseJson(pointer));
  const manifest = await artefacts.find(artefactKeys.model(modelVersion, modelFiles.manifest));
  // An artefact that is absent or damaged is told where it is served.
  const served = manifest === null ? null : (servedCatalogue.safeParse(parseJson(manifest)).data?.catalogueName ?? null);
  if (served !== null && served !== lender)
    throw new StartError(
      `The state in ${home} is that of the lender ${served}: set LENDER=${served}, or another folder with LISIBLE_HOME for ${lender}.`,
    );
};

const servedCatalogue = z.object({ catalogueName: z.string() });

const parseJson = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
};

/** One person's machine: the limit only stops a script that has run away. */
const requestsPerMinute = 120_000;

/** Whether a model is in force, as the registry's pointer says. */
export const hasChampion = async (artefacts: ArtefactStore): Promise<boolean> => {
  const bytes = await artefacts.find(artefactKeys.champion);
  return bytes !== null && championPointerSchema.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8'))).success;
};
