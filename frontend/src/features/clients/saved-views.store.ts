import { clientListQuerySchema, cohortFilterSchema, dossierKindSchema, type ClientListQuery } from '@lisible/contracts';
import { defineStore } from 'pinia';
import { computed, ref, watch } from 'vue';
import { z } from 'zod';
import { useSessionStore } from '../../app/session/session.store.ts';
import { defaults, maxColumns, maxFilters } from './client-list.query.ts';

export const longestViewName = 40;
export const maxViews = 20;

/** What a list shows, without whom: what is searched names people and is never kept. */
const savedViewSchema = z.object({
  name: z.string().min(1).max(longestViewName),
  kind: dossierKindSchema.optional(),
  filters: z.array(cohortFilterSchema).max(maxFilters),
  columns: z.array(z.string().max(100)).max(maxColumns),
  sort: clientListQuerySchema.shape.sort.unwrap(),
});
export type SavedView = z.infer<typeof savedViewSchema>;
export type ListShape = Omit<SavedView, 'name'>;

export const shapeOf = ({ kind, filters, columns, sort }: ListShape): ListShape => ({
  ...(kind === undefined ? {} : { kind }),
  filters,
  columns,
  sort,
});
export const isSameShape = (a: ListShape, b: ListShape): boolean => JSON.stringify(shapeOf(a)) === JSON.stringify(shapeOf(b));
export const queryOfView = (view: ListShape): ClientListQuery => ({ ...defaults, ...shapeOf(view) });

const read = (key: string): SavedView[] => {
  try {
    return z
      .array(savedViewSchema)
      .max(maxViews)
      .parse(JSON.parse(localStorage.getItem(key) ?? '[]'));
  } catch {
    return []; // Storage closed to us, or written by another version: views then start anew.
  }
};

/** Lists that a person named, kept by this browser under whoever is signed in. */
export const useSavedViewsStore = defineStore('saved-views', () => {
  const session = useSessionStore();
  const key = computed(() => `lisible.views.${session.person?.subject ?? 'nobody'}`);
  const views = ref<readonly SavedView[]>([]);
  watch(key, (now) => (views.value = read(now)), { immediate: true });

  const keep = (next: readonly SavedView[]): void => {
    views.value = next;
    try {
      localStorage.setItem(key.value, JSON.stringify(next));
    } catch {
      // As above: they then last as long as the page.
    }
  };
  /** A name that is taken is that view, changed. */
  const save = (name: string, shape: ListShape): void => keep([...views.value.filter((view) => view.name !== name), { name, ...shapeOf(shape) }]);
  const remove = (name: string): void => keep(views.value.filter((view) => view.name !== name));

  return { views, save, remove };
});
