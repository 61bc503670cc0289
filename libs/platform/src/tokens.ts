/** Injection tokens of what the platform provides to every service: `@Inject(DATABASE) private readonly database: Kysely<MyTables>`. */

/** `Kysely<Tables>`, bound to the service's schema: table names are written without it. */
export const DATABASE = Symbol('lisible.database');
/** `Transactions<Tables>` */
export const TRANSACTIONS = Symbol('lisible.transactions');
/** `ArtefactStore` */
export const ARTEFACTS = Symbol('lisible.artefacts');
/** `TableReader` */
export const TABLES = Symbol('lisible.tables');
/** `Cache`: answers worth remembering, in this process or in Redis. */
export const CACHE = Symbol('lisible.cache');
/** `Clock` */
export const CLOCK = Symbol('lisible.clock');
/** `Metrics`: declare counters and histograms here, they appear on `/metrics`. */
export const METRICS = Symbol('lisible.metrics');
/** Provided by a service that knows when it is ready: `ReadinessProbe`, exported from the service's module. */
export const READINESS = Symbol('lisible.readiness');
/** `Logger` of pino: one per service; identifiers only. */
export const LOG = Symbol('lisible.log');

/** For the platform's own controller: `DatabaseEnd`. */
export const DATABASE_END = Symbol('lisible.database-end');
/** For the platform's own controller: `Stop`. */
export const STOP = Symbol('lisible.stop');
/** For the platform's own controller. */
export const COURIER_TRANSPORT = Symbol('lisible.courier-transport');
