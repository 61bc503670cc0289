import type { ClientListItem } from '@lisible/contracts';
import { TransientError } from '@lisible/platform';
import { Inject, Injectable } from '@nestjs/common';
import { CurrentSnapshot } from '../follow-snapshot/current-snapshot.ts';
import type { ListReply, ListRequest } from '../population/messages.ts';
import { Population, refused, unknownColumn } from '../population/population.ts';
import type { DossierFilter, DossierPage, DossierRecord, ListWindow } from './dossier-source.ts';
import { compareKinds } from './dossier-source.ts';
import { ParquetPastLoans } from './parquet.past-loans.ts';
import { PastLoans } from './past-loans.ts';

/**
 * Lists come from the population in memory, whole dossiers from its file. While the population of a new snapshot is on its way, plain lists come from
 * the file too, slowly; filters and other orders have to wait.
 */
@Injectable()
export class PopulationPastLoans extends PastLoans {
  constructor(
    @Inject(ParquetPastLoans) private readonly file: ParquetPastLoans,
    @Inject(Population) private readonly population: Population,
    @Inject(CurrentSnapshot) private readonly snapshot: CurrentSnapshot,
  ) {
    super();
  }

  override async count(filter: DossierFilter): Promise<number> {
    const { total } = await this.list(filter, { offset: 0, limit: 0 });
    return total;
  }

  override async list(filter: DossierFilter, window: ListWindow): Promise<DossierPage> {
    const inForce = this.snapshot.find();
    if (inForce === null) return { total: 0, rows: [] };
    const loaded = this.population.find();
    if (loaded === null || loaded.source.snapshotId !== inForce.snapshotId) {
      if (ParquetPastLoans.canList(filter)) return this.file.list(filter, window);
      throw new TransientError('cohort-unavailable', { fr: 'La population se charge.', en: 'The population is being loaded.' });
    }
    const { searchKey, filters, sort, isDescending, after, columns } = filter;
    const request: ListRequest = {
      searchKey,
      filters,
      sort,
      isDescending,
      columns,
      ...window,
      after:
        after === null ? null : { value: after.value, applicationId: after.applicationId, isIncluded: compareKinds('past-loan', after.kind) > 0 },
    };
    const { total, items } = accept(await loaded.thread.ask('list', request));
    return {
      total,
      rows: items.map(({ sortValue, columns: values, contractType, ...listed }) => ({
        sortValue,
        item: {
          ...listed,
          kind: 'past-loan',
          contractType: typeof contractType === 'string' ? contractType : null,
          ...(columns.length === 0 ? {} : { columns: { ...values } }),
        } satisfies ClientListItem,
      })),
    };
  }

  override listOfClient(clientId: string): Promise<readonly DossierRecord[]> {
    return this.file.listOfClient(clientId);
  }
}

const accept = (reply: ListReply): Extract<ListReply, { kind: 'listed' }> => {
  if (reply.kind === 'listed') return reply;
  if (reply.kind === 'column-unknown') throw unknownColumn(reply.column, 'sort');
  throw refused('filters', 'custom', {
    fr: `Le filtre ne convient pas au champ « ${reply.column} ».`,
    en: `The filter does not fit the field ${reply.column}.`,
  });
};
