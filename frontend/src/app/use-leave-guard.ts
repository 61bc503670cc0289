import { onBeforeUnmount } from 'vue';
import { useRouter } from 'vue-router';

/** Asks before a page is left whose content would be lost; the browser asks in its own words where the tab is closed. */
export const useLeaveGuard = (isAtRisk: () => boolean, question: () => string): void => {
  const removeGuard = useRouter().beforeEach((to, from) => to.path === from.path || !isAtRisk() || confirm(question()));
  const onUnload = (event: BeforeUnloadEvent): void => {
    if (isAtRisk()) event.preventDefault();
  };
  addEventListener('beforeunload', onUnload);
  onBeforeUnmount(() => {
    removeGuard();
    removeEventListener('beforeunload', onUnload);
  });
};
