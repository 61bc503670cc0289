/** The five deployable processes. The name is also the folder, the database schema (with `_`) and the metric job. */
export const serviceNames = ['gateway', 'client-profile', 'scoring', 'explainer', 'trainer'] as const;
export type ServiceName = (typeof serviceNames)[number];
