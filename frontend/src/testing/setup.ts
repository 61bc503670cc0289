import { enableAutoUnmount } from '@vue/test-utils';
import { afterEach, vi } from 'vitest';

// The chart engine draws in real browsers only; its sentence and table are what specs read.
vi.mock('../ui/chart/ApexCanvas.vue', () => ({ __esModule: true, default: { name: 'ApexCanvas', template: '<div />', props: ['chart'] } }));

enableAutoUnmount(afterEach);
afterEach(() => localStorage.clear());
