// Runs before the first paint, so that a chosen theme never flashes into place. Keys: src/app/preferences.store.ts.
try {
  const theme = localStorage.getItem('lisible.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  if (localStorage.getItem('lisible.language') === 'en') document.documentElement.lang = 'en';
} catch {
  // Storage may be closed to us; the system's theme and French stand.
}

// Our content security policy lets no code be made from text. Zod would try once and fall back; browsers report even that try.
globalThis.__zod_globalConfig = { jitless: true };
