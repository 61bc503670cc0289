import { nextTick } from 'vue';
import { createRouter, createWebHistory, type Router, type RouterHistory } from 'vue-router';
import { callbackPath, useSessionStore } from './session/session.store.ts';

declare module 'vue-router' {
  interface RouteMeta {
    /** Read without being signed in. */
    isPublic?: boolean;
  }
}

/** The id of the page's main landmark, which receives focus on navigation. */
export const mainId = 'main';

export const createAppRouter = (history: RouterHistory = createWebHistory()): Router => {
  const router = createRouter({
    history,
    routes: [
      { path: '/', redirect: '/clients' },
      { path: '/sign-in', name: 'sign-in', meta: { isPublic: true }, component: () => import('../features/sign-in/SignInPage.vue') },
      { path: callbackPath, name: 'callback', meta: { isPublic: true }, component: () => import('../features/sign-in/CallbackPage.vue') },
      { path: '/clients', name: 'clients', component: () => import('../features/clients/ClientsPage.vue') },
      { path: '/clients/:clientId', name: 'dossier', component: () => import('../features/dossier/DossierPage.vue') },
      { path: '/portfolio', name: 'portfolio', component: () => import('../features/portfolio/PortfolioPage.vue') },
      { path: '/applications/new', name: 'new-application', component: () => import('../features/new-application/NewApplicationPage.vue') },
      { path: '/:rest(.*)*', name: 'absent', meta: { isPublic: true }, component: () => import('./shell/AbsentPage.vue') },
    ],
    scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
  });

  router.beforeEach(async (to) => {
    const session = useSessionStore();
    // Whoever is signed in keeps their header on a page that does not exist; nobody has to be.
    if (to.name === 'absent') await session.start().catch(() => undefined);
    if (to.meta.isPublic === true) return true;
    await session.start();
    // An expired session keeps its page; the shell offers to sign in again.
    if (session.isSignedIn || session.hasExpired) return true;
    return { name: 'sign-in', query: { returnTo: to.fullPath } };
  });

  // A new page is read from its start, by eyes and by screen readers; a changed filter leaves focus where it is.
  router.afterEach(async (to, from, failure) => {
    if (failure !== undefined || from.matched.length === 0 || to.path === from.path) return;
    await nextTick();
    document.getElementById(mainId)?.focus({ preventScroll: true });
  });

  return router;
};
