import type { RawColumn } from '../lender/index.ts';
import { homeCreditFields } from './fields/index.ts';

export interface ColumnDeclaration extends RawColumn {
  readonly kind: 'key' | 'target' | 'number' | 'flag' | 'yes-no' | 'category' | 'relative-days' | 'weekday' | 'hour' | 'text' | 'branch' | 'iso-date';
}

export type HomeCreditTable = 'application_train' | 'application_test';

export const KEY_COLUMN = 'SK_ID_CURR';
export const TARGET_COLUMN = 'TARGET';
export const WEEKDAY_COLUMN = 'WEEKDAY_APPR_PROCESS_START';
export const HOUR_COLUMN = 'HOUR_APPR_PROCESS_START';
/** Not in the source: a lender's own, and the generated population's. */
export const BRANCH_COLUMN = 'BRANCH_ID';
export const DATE_COLUMN = 'APPLICATION_DATE';

/** The source names no currency; this is the lender's own. */
export const CURRENCY = 'EUR';

const declared: readonly ColumnDeclaration[] = [
  { name: WEEKDAY_COLUMN, kind: 'weekday', isOptional: false },
  { name: HOUR_COLUMN, kind: 'hour', isOptional: false },
  { name: BRANCH_COLUMN, kind: 'branch', isOptional: true },
  { name: DATE_COLUMN, kind: 'iso-date', isOptional: true },
  ...homeCreditFields.map(({ column: { name, conversion, isOptional } }): ColumnDeclaration => ({
    name,
    kind: conversion,
    isOptional,
    isNumber: conversion === 'number' || conversion === 'relative-days',
  })),
];
const key: ColumnDeclaration = { name: KEY_COLUMN, kind: 'key', isOptional: false };
const target: ColumnDeclaration = { name: TARGET_COLUMN, kind: 'target', isOptional: false };

/** The tables of applications and the columns that are read of them. */
export const tables: Readonly<Record<HomeCreditTable, readonly ColumnDeclaration[]>> = {
  application_train: [key, target, ...declared],
  application_test: [key, ...declared],
};

export const isTable = (name: string): name is HomeCreditTable => Object.hasOwn(tables, name);
