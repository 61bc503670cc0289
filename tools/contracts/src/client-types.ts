import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import openapiTS, { COMMENT_HEADER, UNDEFINED, astToString, tsUnion } from 'openapi-typescript';
import ts from 'typescript';
import { openApiFile, projectRoot } from './contract-files.ts';

/** Where the dashboard has the types of the public door. */
export const clientTypesFile = 'frontend/src/app/api/openapi.ts';

/** JSON leaves out what is undefined, so whatever may be missing may be undefined. */
const allowUndefined = (property: ts.PropertySignature): ts.PropertySignature =>
  property.questionToken === undefined || property.type === undefined
    ? property
    : ts.factory.updatePropertySignature(property, property.modifiers, property.name, property.questionToken, tsUnion([property.type, UNDEFINED]));

/** The public door's paths, parameters, bodies and answers as TypeScript, from the OpenAPI document as it stands. */
export const clientTypes = async (): Promise<string> =>
  `${COMMENT_HEADER}${astToString(await openapiTS(readFileSync(join(projectRoot, openApiFile), 'utf8'), { transformProperty: allowUndefined }))}`;
