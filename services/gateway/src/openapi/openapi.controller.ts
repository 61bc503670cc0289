import { roles } from '@lisible/contracts';
import { Controller, Inject } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { z } from 'zod';
import { Operation, OperationMetadata } from '../operations/operation.ts';
import type { OperationDescription } from '../operations/operation.ts';
import { openApiDocument } from './openapi.document.ts';
import type { OpenApiDocument } from './openapi.document.ts';

@Controller()
export class OpenApiController {
  private document: OpenApiDocument | null = null;

  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(MetadataScanner) private readonly scanner: MetadataScanner,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  @Operation({ method: 'get', path: '/v1/openapi.json', summary: 'This document: OpenAPI 3.1.', roles, answers: { 200: z.looseObject({}) } })
  read(): OpenApiDocument {
    this.document ??= openApiDocument(this.listOperations());
    return this.document;
  }

  /** Every declared route of the running door, so that the document cannot differ from it. */
  private listOperations(): readonly OperationDescription[] {
    return this.discovery.getControllers().flatMap(({ instance, metatype }) => {
      if (metatype === null || instance === null || instance === undefined) return [];
      return this.scanner
        .getAllMethodNames(metatype.prototype)
        .flatMap((name) => this.reflector.get(OperationMetadata, metatype.prototype[name]) ?? []);
    });
  }
}
