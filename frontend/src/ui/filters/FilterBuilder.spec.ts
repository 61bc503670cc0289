import type { CohortFilter, CohortGrid } from '@lisible/contracts';
import { exampleCatalogue } from '../../testing/examples.ts';
import { mountPage, readText } from '../../testing/mount-page.ts';
import FilterBuilder from './FilterBuilder.vue';
import { readNumber } from './filter-words.ts';

const amount: CohortFilter = { field: 'creditAmount', from: 20000, to: 40000 };
const show = (filters: CohortFilter[], props: Record<string, unknown> = {}) =>
  mountPage(FilterBuilder, { props: { modelValue: filters, catalogue: exampleCatalogue, ...props } });
const chips = (wrapper: Awaited<ReturnType<typeof show>>) => wrapper.findAll('.chip .text').map(readText);

describe('the filter builder', () => {
  it('says each filter in words: amounts, answers, dates as years', async () => {
    const wrapper = await show([
      amount,
      { field: 'contractType', isOneOf: ['cash-loan', null] },
      { field: 'employedSince', from: 731, to: 1826 },
      { field: 'ownsCar', isOneOf: [false] },
    ]);
    expect(chips(wrapper)).toEqual([
      'Montant du crédit : de 20 000 € à 40 000 €',
      'Type de crédit : Crédit amortissable ou non renseigné',
      'En poste depuis : il y a 2 ans à 5 ans',
      'Propriétaire d’une voiture : non',
    ]);
  });

  it('offers no contact data, no free text, and no field twice', async () => {
    const wrapper = await show([amount]);
    await wrapper.get('.add').trigger('click');
    const options = wrapper.findAll<HTMLButtonElement>('.option');
    expect(options.map(readText)).toEqual([
      'Montant du créditdéjà filtré',
      'Type de crédit',
      'En poste depuis',
      'Propriétaire d’une voiture',
      'Sexe',
    ]);
    expect(options[0]?.element.disabled).toBe(true);
  });

  it('finds a field without its accents and takes years for a date', async () => {
    const wrapper = await show([]);
    await wrapper.get('.add').trigger('click');
    await wrapper.get('input[type=search]').setValue("date d'embauche".replace("'", '’'));
    await wrapper.get('.option').trigger('click');
    const [from] = wrapper.findAll('.bound input');
    await from?.setValue('2,5');
    await wrapper.get('form').trigger('submit');
    expect(wrapper.emitted('update:modelValue')).toEqual([[[{ field: 'employedSince', from: 913, to: null }]]]);
  });

  it('says at its place what is wrong, with an example, and lets nothing out', async () => {
    const wrapper = await show([amount]);
    await wrapper.get('.chip .text').trigger('click');
    const [from, to] = wrapper.findAll('.bound input');
    const submit = async (start: string, end: string): Promise<string> => {
      await from?.setValue(start);
      await to?.setValue(end);
      await wrapper.get('form').trigger('submit');
      return readText(wrapper.get('.problem'));
    };
    expect(await submit('beaucoup', '')).toBe('Écrivez un nombre, par exemple 20 000.');
    expect(from?.attributes('aria-invalid')).toBe('true');
    expect(await submit('40 000', '20 000')).toBe('La fin doit dépasser le début : par exemple de 20 000 € à 40 000 €.');
    expect(to?.attributes('aria-invalid')).toBe('true');
    expect(await submit('', '')).toBe('Donnez au moins une des deux limites.');
    expect(wrapper.emitted('update:modelValue')).toBeUndefined();
  });

  it('takes no more than it may', async () => {
    const wrapper = await show([amount], { max: 1 });
    expect(wrapper.get<HTMLButtonElement>('.add').element.disabled).toBe(true);
    expect(readText(wrapper)).toContain('Au plus 1 filtres');
  });

  it('keeps to the grid of groups: declared bounds, answers together', async () => {
    const cell = { unit: 'none' as const, isProtected: false };
    const grid: CohortGrid = {
      snapshotId: 's',
      asOf: '2026-11-20T00:00:00Z',
      populationSize: 900,
      privacyFloor: 20,
      fields: [
        { ...cell, field: 'creditAmount', unit: 'currency', edges: [20000, 40000], answers: null },
        { ...cell, field: 'ownsCar', edges: null, answers: [[true], [false, null]] },
        { ...cell, field: 'sex', edges: null, answers: [['female', null]] },
      ],
    };
    const wrapper = await show([{ field: 'ownsCar', isOneOf: [false, null] }], { grid });
    expect(chips(wrapper)).toEqual(['Propriétaire d’une voiture : non, non renseigné']);
    await wrapper.get('.add').trigger('click');
    expect(wrapper.findAll('.option').map(readText)).toEqual(['Montant du crédit', 'Propriétaire d’une voituredéjà filtré']);
    await wrapper.get('.option').trigger('click');
    const [from] = wrapper.findAll('select');
    expect(from?.findAll('option').map(readText)).toEqual(['sans limite', '20 000 €', '40 000 €']);
  });
});

describe('a number as people write it', () => {
  it('is read in its language', () => {
    expect(['20 000', '0,5', '20\u202f000,25', 'vingt'].map((text) => readNumber(text, 'fr'))).toEqual([20000, 0.5, 20000.25, null]);
    expect(['20,000', '0.5', '1,234,567.5', '1,5'].map((text) => readNumber(text, 'en'))).toEqual([20000, 0.5, 1234567.5, null]);
  });
});
