import { onBeforeUnmount, onMounted, watch } from 'vue';
import { useRoute } from 'vue-router';

/** What stands above a place has come by then. */
const settledAfterMs = 4_000;
/** Whoever does this has the say from then on. */
const handsOn = ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const;

const keepInView = (place: HTMLElement): (() => void) => {
  const observer = new ResizeObserver(() => place.scrollIntoView({ behavior: 'instant', block: 'start' }));
  const release = (): void => {
    observer.disconnect();
    clearTimeout(timer);
    for (const name of handsOn) removeEventListener(name, release);
  };
  const timer = setTimeout(release, settledAfterMs);
  for (const name of handsOn) addEventListener(name, release, { passive: true });
  // Tells of its size at once, and again each time that something above or below has come.
  observer.observe(document.body);
  return release;
};

/** Brings the point that the address names into view once the page is there, where no browser could find it while the page loaded. */
export const useDeepLink = (isThere: () => boolean): void => {
  const { hash } = useRoute();
  let release: (() => void) | null = null;
  onMounted(() => {
    if (hash === '') return;
    watch(
      isThere,
      (isNow) => {
        const place = isNow && release === null ? document.getElementById(hash.slice(1)) : null;
        if (place !== null) release = keepInView(place);
      },
      { immediate: true, flush: 'post' },
    );
  });
  onBeforeUnmount(() => release?.());
};
