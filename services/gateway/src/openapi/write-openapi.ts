import { writeFileSync } from 'node:fs';
import { MetadataScanner, Reflector } from '@nestjs/core';
import { gatewayControllers } from '../gateway.definition.ts';
import { OperationMetadata } from '../operations/operation.ts';
import { openApiDocument } from './openapi.document.ts';

/** `node services/gateway/dist/openapi/write-openapi.js FILE`: the document that the running door serves, without a door. */
const reflector = new Reflector();
const scanner = new MetadataScanner();
const operations = gatewayControllers.flatMap(({ prototype }: { readonly prototype: object }) =>
  scanner.getAllMethodNames(prototype).flatMap((name) => {
    const method: unknown = Reflect.get(prototype, name);
    return typeof method === 'function' ? (reflector.get(OperationMetadata, method) ?? []) : [];
  }),
);
const [file = '/dev/stdout'] = process.argv.slice(2);
writeFileSync(file, `${JSON.stringify(openApiDocument(operations), null, 2)}\n`);
