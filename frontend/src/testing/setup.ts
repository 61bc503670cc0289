import { enableAutoUnmount } from '@vue/test-utils';
import { afterEach, vi } from 'vitest';

// The chart engine draws in real browsers only; its sentence and table are what specs read.
vi.mock('../ui/chart/ApexCanvas.vue', () => ({ __esModule: true, default: { name: 'ApexCanvas', template: '<div />', props: ['chart'] } }));

enableAutoUnmount(afterEach);
afterEach(() => localStorage.clear());

// Of two charts that load at once, one may still get the real canvas: it finds a browser without a size, and draws nothing.
vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener: () => undefined, removeEventListener: () => undefined }));
vi.stubGlobal(
  'ResizeObserver',
  class {
    observe(): void {}
    disconnect(): void {}
  },
);
