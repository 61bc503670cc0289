import type { CohortGrid } from '@lisible/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { Population } from '../population/population.ts';

/** What filters of groups may tell apart in the population in force. */
@Injectable()
export class ReadGrid {
  constructor(@Inject(Population) private readonly population: Population) {}

  /** @throws TransientError `cohort-unavailable` */
  async execute(): Promise<CohortGrid> {
    const { source, thread } = this.population.get();
    const { populationSize, fields } = await thread.ask('grid', null);
    return {
      snapshotId: source.snapshotId,
      asOf: source.asOf,
      populationSize,
      privacyFloor: source.privacyFloor,
      fields: fields.flatMap(({ name, edges, answers }) => {
        const spec = this.population.specs.get(name);
        if (spec === undefined) return [];
        return [
          {
            field: name,
            unit: spec.unit,
            isProtected: spec.isProtected,
            edges: edges === null ? null : [...edges],
            answers: answers?.map((some) => [...some]) ?? null,
          },
        ];
      }),
    };
  }
}
