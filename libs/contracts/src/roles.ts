import { z } from 'zod';

/** What a bearer token may claim under `roles`. */
export const roles = ['advisor', 'risk', 'mlops', 'loan-system'] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;
