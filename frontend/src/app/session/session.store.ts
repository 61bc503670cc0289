import { browserConfigSchema, roleSchema, roles, type Role } from '@lisible/contracts';
import { UserManager, WebStorageStateStore, type User } from 'oidc-client-ts';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { z } from 'zod';

/** Registered with the issuer. */
export const callbackPath = '/callback';

/** What a token says of the person; `name` is optional with most issuers. */
const claimsSchema = z.object({
  sub: z.string(),
  name: z.string().optional(),
  preferred_username: z.string().optional(),
  roles: z.array(z.string()).catch([]).default([]),
});

/** What we hand to the issuer and get back with the callback. */
const signInStateSchema = z.object({ returnTo: z.string() });

export interface SignedInPerson {
  /** The issuer's name for the person, which does not change. */
  readonly subject: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

/** Only pages of this dashboard: an address from outside must not be able to send a person elsewhere after sign-in. */
export const safeReturnPath = (path: unknown): string =>
  typeof path === 'string' && /^\/(?![/\\])/.test(path) && !path.startsWith(callbackPath) ? path : '/clients';

const readConfig = async () => {
  const response = await fetch('/app-config.json', { headers: { accept: 'application/json' } });
  return browserConfigSchema.parse(await response.json());
};

const createUserManager = async (): Promise<UserManager> => {
  const { oidc } = await readConfig();
  return new UserManager({
    authority: oidc.authority,
    client_id: oidc.clientId,
    scope: oidc.scope,
    resource: oidc.resource,
    redirect_uri: `${location.origin}${callbackPath}`,
    post_logout_redirect_uri: `${location.origin}/`,
    response_type: 'code',
    // A tab of its own: closing it signs out of the dashboard, and nothing outlives the browser.
    userStore: new WebStorageStateStore({ store: sessionStorage }),
    // The same tab comes back with the code: its verifier and state need no longer life than that.
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
    // Without a refresh token the library would renew in a hidden frame, which issuers refuse.
    automaticSilentRenew: oidc.scope.split(' ').includes('offline_access'),
  });
};

/** Who is signed in: authorization code with PKCE, the token kept in this tab. */
export const useSessionStore = defineStore('session', () => {
  const manager = shallowRef<UserManager | null>(null);
  const user = shallowRef<User | null>(null);
  /** The token was refused or its time is over; what is on the page stays until the person signs in again. */
  const hasExpired = ref(false);

  const person = computed<SignedInPerson | null>(() => {
    const claims = claimsSchema.safeParse(user.value?.profile);
    if (!claims.success) return null;
    const { sub, name, preferred_username: username, roles: claimed } = claims.data;
    const known = claimed.flatMap((role) => roleSchema.safeParse(role).data ?? []);
    return { subject: sub, name: name ?? username ?? sub, roles: roles.filter((role) => known.includes(role)) };
  });
  const isSignedIn = computed(() => user.value !== null && user.value.expired !== true && !hasExpired.value);

  const adopt = (found: User | null): void => {
    user.value = found;
    hasExpired.value = false;
  };

  const expire = (): void => {
    hasExpired.value = user.value !== null;
  };

  /** Reads the configuration and a session that this tab may already have. Throws when the configuration cannot be read. */
  const start = async (): Promise<void> => {
    if (manager.value !== null) return;
    const created = await createUserManager();
    created.events.addAccessTokenExpired(expire);
    created.events.addUserLoaded(adopt);
    const found = await created.getUser();
    adopt(found?.expired === true ? null : found);
    manager.value = created;
  };

  const started = async (): Promise<UserManager> => {
    await start();
    if (manager.value === null) throw new Error('The session did not start.');
    return manager.value;
  };

  /** Leaves for the issuer; comes back at `callbackPath`, then at `returnTo`. */
  const signIn = async (returnTo: string, language: string): Promise<void> => {
    await (await started()).signinRedirect({ state: { returnTo: safeReturnPath(returnTo) }, ui_locales: language });
  };

  /** On the callback page: turns the code into a token; answers where to go. */
  const completeSignIn = async (): Promise<string> => {
    const signedIn = await (await started()).signinCallback();
    if (signedIn === undefined) throw new Error('The issuer sent no sign-in.');
    adopt(signedIn);
    const state = signInStateSchema.safeParse(signedIn.state);
    return safeReturnPath(state.data?.returnTo);
  };

  /** Ends the session here, and at the issuer where it offers that. */
  const signOut = async (): Promise<void> => {
    const current = await started();
    try {
      await current.signoutRedirect();
    } catch {
      // The issuer is away or has no such page: leaving this tab's session is what we can do.
      await current.removeUser();
      location.assign('/');
    }
  };

  const accessToken = (): string | null => user.value?.access_token ?? null;

  return { person, isSignedIn, hasExpired, start, expire, signIn, completeSignIn, signOut, accessToken };
});
