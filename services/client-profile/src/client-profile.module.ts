import { Module } from '@nestjs/common';
import { CompareCohorts } from './cohorts/compare-cohorts.ts';
import { CompareCohortsController } from './cohorts/compare-cohorts.controller.ts';
import { ReadGrid } from './cohorts/read-grid.ts';
import { ApplicationRecords } from './dossiers/application.records.ts';
import { ClientHistories } from './dossiers/client-histories.ts';
import { ClientMonths } from './dossiers/client-months.ts';
import { FileClientHistories } from './dossiers/file.client-histories.ts';
import { InputPreparation } from './dossiers/input-preparation.ts';
import { ParquetClientMonths } from './dossiers/parquet.client-months.ts';
import { ParquetPastLoans } from './dossiers/parquet.past-loans.ts';
import { PastLoans } from './dossiers/past-loans.ts';
import { PopulationPastLoans } from './dossiers/population.past-loans.ts';
import { PostgresApplicationRecords } from './dossiers/postgres.application-records.ts';
import { CurrentSnapshot } from './follow-snapshot/current-snapshot.ts';
import { FollowSnapshotController } from './follow-snapshot/follow-snapshot.controller.ts';
import { ListClients } from './list-clients/list-clients.ts';
import { ListClientsController } from './list-clients/list-clients.controller.ts';
import { Population } from './population/population.ts';
import { PlausibleValues } from './prepare-simulation/plausible-values.ts';
import { PrepareAssumptions } from './prepare-simulation/prepare-assumptions.ts';
import { PrepareSimulation } from './prepare-simulation/prepare-simulation.ts';
import { PrepareSimulationController } from './prepare-simulation/prepare-simulation.controller.ts';
import { SimulatedApplications } from './prepare-simulation/simulated-applications.ts';
import { ReadApplicationController } from './read-application/read-application.controller.ts';
import { ReadCatalogueController } from './read-catalogue/read-catalogue.controller.ts';
import { ReadClient } from './read-client/read-client.ts';
import { ReadClientController } from './read-client/read-client.controller.ts';
import { ReadHistory } from './read-client/read-history.ts';
import { ReadHistoryController } from './read-client/read-history.controller.ts';
import { ReceiveApplication } from './receive-application/receive-application.ts';
import { ReceiveApplicationController } from './receive-application/receive-application.controller.ts';

@Module({
  controllers: [
    ReceiveApplicationController,
    ReadApplicationController,
    ListClientsController,
    ReadClientController,
    ReadHistoryController,
    PrepareSimulationController,
    ReadCatalogueController,
    CompareCohortsController,
    FollowSnapshotController,
  ],
  providers: [
    { provide: ApplicationRecords, useClass: PostgresApplicationRecords },
    ParquetPastLoans,
    { provide: PastLoans, useClass: PopulationPastLoans },
    { provide: ClientHistories, useClass: FileClientHistories },
    { provide: ClientMonths, useClass: ParquetClientMonths },
    CurrentSnapshot,
    InputPreparation,
    ReceiveApplication,
    ListClients,
    ReadClient,
    ReadHistory,
    SimulatedApplications,
    PrepareSimulation,
    PlausibleValues,
    PrepareAssumptions,
    Population,
    CompareCohorts,
    ReadGrid,
  ],
})
export class ClientProfileModule {}
