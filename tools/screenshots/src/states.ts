import type { Readiness } from '@lisible/contracts';
import { readToTheEnd } from '@lisible/runner';
import type { Page, Route } from 'playwright-core';
import type { People } from './people.ts';
import { unknownApplication } from './people.ts';

/** Where a state is brought about. */
export interface Stage {
  readonly page: Page;
  readonly url: string;
  readonly people: People;
}

/** A page of the dashboard in one of its states. */
export interface PageState {
  readonly name: string;
  /** Default: yes. */
  readonly isSignedIn?: boolean;
  /** What is seen is the window rather than the whole page: something stands over it. */
  readonly isWindow?: boolean;
  /** Words of the expert view, which advisors do not see. */
  readonly isExpert?: boolean;
  /** False where the platform has nobody to show it with. */
  readonly isPossible?: (people: People) => boolean;
  /** Opens the page and brings it into this state. */
  bringAbout(stage: Stage): Promise<void>;
}

const problem = (status: number, code: string) => (route: Route) =>
  route.fulfill({
    status,
    contentType: 'application/problem+json',
    body: JSON.stringify({ type: `urn:lisible:problem:${code}`, title: code, status, code, correlationId: '7f3c-41d0' }),
  });

/** The platform as it is while it learns its first model. */
const starting: Readiness = {
  isReady: false,
  model: 'no-model',
  waitingFor: 'training: fit 3 of 5',
  services: { gateway: true, 'client-profile': true, scoring: true, explainer: true, trainer: false },
};

const never = (): Promise<void> => new Promise(() => {});

const openList = async ({ page, url }: Stage): Promise<void> => {
  await page.goto(`${url}/clients`);
  await page.getByRole('row').nth(3).waitFor();
};
type Person = { readonly clientId: string; readonly applicationId: string };
const openDossier = async ({ page, url }: Stage, person: Person | null, hash = ''): Promise<void> => {
  if (person === null) throw new Error('nobody to show it with');
  await page.goto(`${url}/clients/${person.clientId}?applicationId=${person.applicationId}${hash}`);
  await page.locator('#verdict .sentence').first().waitFor();
};
const readDossier = async (stage: Stage, person: Person | null): Promise<void> => {
  await openDossier(stage, person);
  await readToTheEnd(stage.page);
};
const openForm = async ({ page, url }: Stage): Promise<void> => {
  await page.goto(`${url}/applications/new`);
  await page.locator('form .essential').waitFor();
};
const send = /Envoyer la demande|Send the application/u;
const addFilter = /Ajouter un filtre|Add a filter/u;
const apply = /^(Appliquer|Apply)$/u;

/** Every page and state, in the order of a day at the desk. */
export const pageStates: readonly PageState[] = [
  {
    name: 'sign-in',
    isSignedIn: false,
    bringAbout: async ({ page, url }) => {
      await page.goto(url);
      await page.getByRole('button', { name: /Se connecter|Sign in/u }).waitFor();
    },
  },
  {
    name: 'starting',
    isSignedIn: false,
    bringAbout: async ({ page, url }) => {
      await page.route('**/health/ready', (route) => route.fulfill({ status: 503, json: starting }));
      await page.goto(url);
      await page.locator('.starting').waitFor();
    },
  },
  { name: 'clients', bringAbout: openList },
  {
    name: 'clients-filtered',
    bringAbout: async (stage) => {
      await openList(stage);
      await stage.page.getByRole('button', { name: addFilter }).click();
      await stage.page.locator('.panel:visible .option').first().click();
      const form = stage.page.locator('form.editor');
      const [answer, bound] = [form.getByRole('checkbox').first(), form.getByRole('textbox').first()];
      if (await answer.isVisible()) await answer.check();
      else await bound.fill('10');
      await stage.page.getByRole('button', { name: apply }).click();
      await stage.page.locator('.chip').first().waitFor();
      await stage.page.locator('table:not(.is-stale)').waitFor();
    },
  },
  {
    name: 'clients-filter-being-chosen',
    isWindow: true,
    bringAbout: async (stage) => {
      await openList(stage);
      await stage.page.getByRole('button', { name: addFilter }).click();
      await stage.page.locator('.panel:visible .option').first().waitFor();
    },
  },
  {
    name: 'clients-none-found',
    bringAbout: async (stage) => {
      await openList(stage);
      await stage.page.getByRole('main').getByRole('searchbox').fill('zzzz');
      await stage.page.getByRole('main').getByRole('heading', { level: 2 }).waitFor();
    },
  },
  {
    name: 'clients-view-being-saved',
    bringAbout: async (stage) => {
      await stage.page.goto(`${stage.url}/clients?sort=creditAmount`);
      await stage.page.getByRole('row').nth(3).waitFor();
      await stage.page.getByRole('button', { name: /Enregistrer cette vue|Save this view/u }).click();
      await stage.page.locator('.views form button[type="submit"]').click();
      await stage.page.locator('.views [role="alert"]').waitFor();
    },
  },
  {
    name: 'clients-columns-being-chosen',
    bringAbout: async (stage) => {
      await openList(stage);
      await stage.page.getByRole('button', { name: /^(Colonnes|Columns)/u }).click();
      await stage.page.locator('.choosing').getByRole('checkbox').first().check();
      await stage.page.locator('.choosing').getByRole('checkbox').nth(1).check();
    },
  },
  {
    name: 'palette',
    isWindow: true,
    bringAbout: async (stage) => {
      await openList(stage);
      await stage.page.keyboard.press('Control+k');
      await stage.page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'palette-found',
    isWindow: true,
    bringAbout: async (stage) => {
      await openDossier(stage, stage.people.unknown);
      await stage.page.keyboard.press('Control+k');
      await stage.page.getByRole('dialog').getByRole('textbox').or(stage.page.getByRole('dialog').getByRole('combobox')).first().fill('tour');
      await stage.page.getByRole('option').filter({ hasText: stage.people.unknown.clientId }).first().waitFor();
      await stage.page.locator('[role="dialog"] .list[aria-busy="false"]').waitFor();
    },
  },
  { name: 'new-application', bringAbout: openForm },
  {
    name: 'new-application-with-errors',
    bringAbout: async (stage) => {
      await openForm(stage);
      await stage.page.locator('[name="creditAmount"]').fill('beaucoup');
      await stage.page.getByRole('button', { name: send }).click();
      await stage.page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'new-application-decided',
    bringAbout: async (stage) => {
      await openForm(stage);
      const { contractType, creditAmount, incomeAmount, birthDate } = unknownApplication('');
      await stage.page.locator('[name="clientId"]').fill(`tour-form-${Date.now()}`);
      await stage.page.locator('[name="contractType"]').selectOption(contractType);
      await stage.page.locator('[name="creditAmount"]').fill(String(creditAmount));
      await stage.page.locator('[name="incomeAmount"]').fill(String(incomeAmount));
      await stage.page.locator('[name="birthDate"]').fill(birthDate);
      await stage.page.getByRole('button', { name: send }).click();
      await stage.page.locator('.sum, .reasons').first().waitFor();
    },
  },
  {
    name: 'new-application-file-report',
    bringAbout: async (stage) => {
      await openForm(stage);
      await stage.page.getByRole('radio', { name: /Fichier JSON ou CSV|JSON or CSV file/u }).check();
      const good = unknownApplication(`tour-file-${Date.now()}`);
      const lines = [good, { ...good, applicationId: `${good.applicationId}-2`, creditAmount: -5 }, 'not an application'];
      await stage.page
        .locator('input[type="file"]')
        .setInputFiles({ name: 'applications.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(lines)) });
      await stage.page.locator('.reports li.received').waitFor();
      await stage.page.locator('.reports li.refused').nth(1).waitFor();
    },
  },
  { name: 'dossier-approved', isPossible: ({ approved }) => approved !== null, bringAbout: (stage) => readDossier(stage, stage.people.approved) },
  { name: 'dossier-declined', isPossible: ({ declined }) => declined !== null, bringAbout: (stage) => readDossier(stage, stage.people.declined) },
  { name: 'dossier-referred', isPossible: ({ referred }) => referred !== null, bringAbout: (stage) => readDossier(stage, stage.people.referred) },
  { name: 'dossier-past-loan', isPossible: ({ pastLoan }) => pastLoan !== null, bringAbout: (stage) => readDossier(stage, stage.people.pastLoan) },
  { name: 'dossier-without-history', bringAbout: (stage) => readDossier(stage, stage.people.unknown) },
  {
    name: 'dossier-compared-by-filters',
    isPossible: ({ approved }) => approved !== null,
    bringAbout: async (stage) => {
      await openDossier(stage, stage.people.approved, '#compare');
      const place = stage.page.locator('#compare');
      await place.locator('.section-sentence').waitFor();
      await place.getByRole('radio', { name: /Groupe choisi|Chosen group/u }).check();
      await place.getByRole('button', { name: addFilter }).click();
      await place
        .getByRole('searchbox')
        .fill(/fr/u.test(await stage.page.evaluate(() => document.documentElement.lang)) ? 'possède une voiture' : 'owns a car');
      await place.locator('.panel:visible .option').first().click();
      await place.getByRole('checkbox').first().check();
      await place.getByRole('button', { name: apply }).click();
      await place.locator('.section-sentence').waitFor();
      await place.getByRole('combobox').nth(1).selectOption('incomeAmount');
      await place.getByRole('region').last().waitFor();
      await readToTheEnd(stage.page);
    },
  },
  {
    name: 'dossier-simulated',
    isPossible: ({ advised }) => advised !== null,
    bringAbout: async (stage) => {
      await openDossier(stage, stage.people.advised, '#advice');
      await stage.page.locator('#advice').getByRole('button').click();
      await stage.page.locator('#simulate table').first().waitFor();
      await stage.page.locator('#simulate .result[aria-busy="false"]').waitFor();
      await readToTheEnd(stage.page);
    },
  },
  {
    name: 'dossier-information-missing',
    isPossible: ({ approved }) => approved !== null,
    bringAbout: async (stage) => {
      await openDossier(stage, stage.people.approved, '#information');
      const place = stage.page.locator('#information');
      await place.getByRole('checkbox').first().check();
      await place.getByRole('button', { expanded: false }).first().click();
      await readToTheEnd(stage.page);
    },
  },
  {
    name: 'dossier-information-whole',
    isPossible: ({ declined }) => declined !== null,
    bringAbout: async (stage) => {
      await openDossier(stage, stage.people.declined, '#information');
      await stage.page
        .locator('#information')
        .getByRole('radio', { name: /Tous les thèmes|All themes/u })
        .check();
      await readToTheEnd(stage.page);
    },
  },
  {
    name: 'dossier-expert',
    isExpert: true,
    isPossible: ({ declined }) => declined !== null,
    bringAbout: async (stage) => {
      await openDossier(stage, stage.people.declined);
      await stage.page.getByRole('button', { name: /Vue experte|Expert view/u }).click();
      await readToTheEnd(stage.page);
    },
  },
  {
    name: 'portfolio',
    bringAbout: async ({ page, url }) => {
      await page.goto(`${url}/portfolio`);
      await page.locator('figure.chart').first().waitFor();
      await readToTheEnd(page);
    },
  },
  {
    name: 'absent-client',
    bringAbout: async ({ page, url }) => {
      await page.goto(`${url}/clients/nobody-at-all`);
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'absent-page',
    bringAbout: async ({ page, url }) => {
      await page.goto(`${url}/nowhere`);
      await page.getByRole('heading', { level: 1 }).waitFor();
    },
  },
  {
    name: 'forbidden',
    bringAbout: async ({ page, url, people }) => {
      await page.route('**/v1/clients/*', problem(403, 'forbidden'));
      await page.goto(`${url}/clients/${people.unknown.clientId}`);
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'forbidden-list',
    bringAbout: async ({ page, url }) => {
      await page.route('**/v1/clients/search', problem(403, 'forbidden'));
      await page.goto(`${url}/clients`);
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'error',
    bringAbout: async ({ page, url, people }) => {
      await page.route('**/v1/clients/*', problem(500, 'internal'));
      await page.goto(`${url}/clients/${people.unknown.clientId}`);
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'dossier-parts-failing',
    bringAbout: async (stage) => {
      await stage.page.route(/\/v1\/(assumptions|cohorts|simulations|advice)|\/explanation/u, problem(503, 'service-unavailable'));
      await openDossier(stage, stage.people.unknown);
      await readToTheEnd(stage.page);
      await stage.page.locator('#advice [role="alert"]').waitFor();
    },
  },
  {
    name: 'no-model',
    bringAbout: async ({ page, url }) => {
      await page.route('**/v1/**', problem(503, 'no-model'));
      await page.goto(`${url}/clients`);
      await page.getByRole('alert').first().waitFor();
    },
  },
  {
    name: 'offline',
    bringAbout: async (stage) => {
      await readDossier(stage, stage.people.unknown);
      await stage.page.context().setOffline(true);
      await stage.page.getByRole('complementary').first().waitFor();
    },
  },
  {
    name: 'dossier-stale',
    bringAbout: async (stage) => {
      await openDossier(stage, stage.people.unknown);
      await readToTheEnd(stage.page);
      await stage.page.route('**/v1/**', problem(500, 'internal'));
      // Coming back to the network asks anew.
      await stage.page.context().setOffline(true);
      await stage.page.getByRole('complementary').first().waitFor();
      await stage.page.context().setOffline(false);
      await stage.page.locator('.dossier > .stale-place').waitFor();
    },
  },
  {
    name: 'expired',
    bringAbout: async (stage) => {
      await readDossier(stage, stage.people.unknown);
      await stage.page.route('**/v1/**', problem(401, 'unauthenticated'));
      await stage.page.locator('#compare').getByRole('radio').nth(2).check();
      await stage.page.getByRole('complementary').first().waitFor();
    },
  },
  {
    name: 'clients-slow',
    bringAbout: async ({ page, url }) => {
      await page.route('**/v1/**', never);
      await page.goto(`${url}/clients`);
      await page.locator('.skeleton').first().waitFor();
    },
  },
  {
    name: 'dossier-slow',
    bringAbout: async ({ page, url, people }) => {
      await page.route('**/v1/**', never);
      await page.goto(`${url}/clients/${people.unknown.clientId}`);
      await page.locator('.skeleton').first().waitFor();
    },
  },
  {
    name: 'dossier-parts-slow',
    bringAbout: async (stage) => {
      await stage.page.route(/\/v1\/(assumptions|cohorts|simulations|advice)|\/explanation/u, never);
      await openDossier(stage, stage.people.unknown, '#advice');
      await stage.page.locator('#advice [aria-busy="true"]').waitFor();
    },
  },
];
