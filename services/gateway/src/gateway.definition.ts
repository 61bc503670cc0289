import type { ServiceDefinition } from '@lisible/platform';
import { READINESS } from '@lisible/platform';
import { Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { AccessGuard } from './access/access.guard.ts';
import { TokenVerifier } from './access/token.verifier.ts';
import { AppConfigController } from './app-config/app-config.controller.ts';
import { ApplicationsController } from './applications/applications.controller.ts';
import { Applications } from './applications/applications.ts';
import { ExplainedController } from './applications/explained.controller.ts';
import { ExplainedWatch } from './applications/explained.watch.ts';
import { CatalogueController } from './catalogue/catalogue.controller.ts';
import { ClientsController } from './clients/clients.controller.ts';
import { Dossiers } from './clients/dossiers.ts';
import { Cohorts } from './cohorts/cohorts.ts';
import { CohortsController } from './cohorts/cohorts.controller.ts';
import { openDoor } from './door/door.ts';
import { GATEWAY_OPTIONS } from './gateway.options.ts';
import type { GatewayOptions } from './gateway.options.ts';
import { GatewayReadiness } from './health/gateway.readiness.ts';
import { ModelsController } from './models/models.controller.ts';
import { TrainingsController } from './models/trainings.controller.ts';
import { OpenApiController } from './openapi/openapi.controller.ts';
import { PolicyController } from './policy/policy.controller.ts';
import { PortfolioController } from './portfolio/portfolio.controller.ts';
import { Announcements } from './stream/announcements.ts';
import { SimulationsController } from './simulations/simulations.controller.ts';
import { StreamController } from './stream/stream.controller.ts';
import { UNDICI_UPSTREAM } from './upstream/upstream.ts';
import { UndiciUpstream } from './upstream/undici.upstream.ts';

/** The controllers of the public door, in the order of the OpenAPI document. */
export const gatewayControllers = [
  ApplicationsController,
  ClientsController,
  CohortsController,
  SimulationsController,
  PortfolioController,
  CatalogueController,
  PolicyController,
  ModelsController,
  TrainingsController,
  StreamController,
  OpenApiController,
  AppConfigController,
] as const;

/** The only door: sign-in, roles, limits, composition. No database, no rule of credit. */
export const gatewayService = (options: GatewayOptions): ServiceDefinition => {
  @Module({
    imports: [DiscoveryModule],
    controllers: [...gatewayControllers, ExplainedController],
    providers: [
      { provide: GATEWAY_OPTIONS, useValue: options },
      { provide: UNDICI_UPSTREAM, useClass: UndiciUpstream },
      { provide: READINESS, useClass: GatewayReadiness },
      { provide: APP_GUARD, useClass: AccessGuard },
      TokenVerifier,
      ExplainedWatch,
      Announcements,
      Applications,
      Dossiers,
      Cohorts,
    ],
    exports: [READINESS],
  })
  class GatewayModule {}

  return {
    name: 'gateway',
    module: GatewayModule,
    migrations: {},
    authentication: 'none-here',
    configure: (app) => openDoor(app, options),
  };
};
