import type { CatalogueView } from '@lisible/contracts';
import { toCatalogueView } from '@lisible/credit';
import type { Catalogue } from '@lisible/credit';
import { Controller, Get, Inject } from '@nestjs/common';
import { CATALOGUE } from '../catalogue.ts';

@Controller()
export class ReadCatalogueController {
  private readonly view: CatalogueView;

  constructor(@Inject(CATALOGUE) catalogue: Catalogue) {
    this.view = toCatalogueView(catalogue);
  }

  @Get('catalogue')
  read(): CatalogueView {
    return this.view;
  }
}
