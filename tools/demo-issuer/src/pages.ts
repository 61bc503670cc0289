import type { Language, LocalizedText } from '@lisible/contracts';
import { createHash } from 'node:crypto';
import type { DemoPerson } from './people.ts';

const texts = {
  title: { fr: 'Connexion de démonstration', en: 'Demonstration sign-in' },
  question: { fr: 'Qui êtes-vous aujourd’hui ?', en: 'Who are you today?' },
  notice: {
    fr: 'Ces personnes sont fictives. Aucun mot de passe n’est demandé : cette page n’existe que sur cet ordinateur.',
    en: 'These people are fictitious. No password is asked for: this page exists on this computer only.',
  },
  otherLanguage: { fr: 'English', en: 'Français' },
  signOutTitle: { fr: 'Déconnexion', en: 'Sign out' },
  signOutQuestion: { fr: 'Voulez-vous vous déconnecter ?', en: 'Do you want to sign out?' },
  signOut: { fr: 'Me déconnecter', en: 'Sign me out' },
  stay: { fr: 'Rester connecté', en: 'Stay signed in' },
  signedOut: { fr: 'Vous êtes déconnecté.', en: 'You are signed out.' },
  errorTitle: { fr: 'La connexion n’a pas abouti', en: 'Sign-in did not succeed' },
  expired: {
    fr: 'Cette demande de connexion a expiré ou a déjà servi. Reprenez depuis l’accueil.',
    en: 'This sign-in request has expired or was already used. Start again from the home page.',
  },
  home: { fr: 'Retour à Lisible', en: 'Back to Lisible' },
} as const satisfies Record<string, LocalizedText>;

/** The list of people to choose from; each button posts its `accountId` as `person`. */
export const signInPage = (language: Language, action: string, people: readonly DemoPerson[]): string => {
  const cards = people.map(
    (person) => `<li><button class="person" type="submit" name="person" value="${escapeHtml(person.accountId)}">
        <span class="initials" aria-hidden="true">${escapeHtml(initialsOf(person.name))}</span>
        <span class="who"><strong>${escapeHtml(person.name)}</strong>, ${escapeHtml(person.job[language])}<span class="mission">${escapeHtml(person.mission[language])}</span></span>
      </button></li>`,
  );
  const other: Language = language === 'fr' ? 'en' : 'fr';
  return page(
    language,
    texts.title,
    `<h1>${texts.question[language]}</h1>
    <form method="post" action="${escapeHtml(action)}"><ul class="people">${cards.join('')}</ul></form>
    <p class="notice">${texts.notice[language]}</p>
    <p><a href="${escapeHtml(action)}?lang=${other}" lang="${other}" hreflang="${other}">${texts.otherLanguage[language]}</a></p>`,
  );
};

/** `form` is oidc-provider's own hidden form with its cross-site token; the buttons below belong to it. */
export const signOutPage = (language: Language, form: string): string =>
  page(
    language,
    texts.signOutTitle,
    `<h1>${texts.signOutQuestion[language]}</h1>${form}
    <p class="actions"><button class="primary" type="submit" form="op.logoutForm" name="logout" value="yes">${texts.signOut[language]}</button>
    <button type="submit" form="op.logoutForm">${texts.stay[language]}</button></p>`,
  );

export const signedOutPage = (language: Language): string =>
  page(language, texts.signOutTitle, `<h1>${texts.signedOut[language]}</h1>${homeLink(language)}`);

/** `detail` is the protocol's own English sentence, for whoever wires a client. */
export const errorPage = (language: Language, detail: string | null): string =>
  page(
    language,
    texts.errorTitle,
    `<h1>${texts.errorTitle[language]}</h1><p>${detail === null ? texts.expired[language] : `<span lang="en">${escapeHtml(detail)}</span>`}</p>${homeLink(language)}`,
  );

const homeLink = (language: Language): string => `<p><a href="/">${texts.home[language]}</a></p>`;

const page = (language: Language, title: LocalizedText, body: string): string => `<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${title[language]} · Lisible</title>
    <style>${css}</style>
  </head>
  <body><header>Lisible</header><main>${body}</main></body>
</html>
`;

/** The dashboard's own colours (`frontend/src/ui/tokens.css`), repeated because no file of it may be needed to sign in. */
const css = `
:root { color-scheme:light dark; --paper:light-dark(#f3f6f5,#0d161b); --surface:light-dark(#ffffff,#14212a); --ink:light-dark(#13232b,#e8eff1); --ink-soft:light-dark(#47585f,#a9bac1); --line:light-dark(#d3dcdc,#2a3c46); --masthead:light-dark(#0f2b36,#0a1e27); --accent:light-dark(#00598c,#74c0f0); --on-accent:light-dark(#ffffff,#06202f); --accent-tint:light-dark(#e2eff7,#15354a); --focus:light-dark(#00598c,#ffd166); }
* { box-sizing:border-box; }
body { margin:0; min-height:100vh; background:var(--paper); color:var(--ink); font:1.0625rem/1.5 'Atkinson Hyperlegible Next','Atkinson Hyperlegible',system-ui,'Segoe UI',sans-serif; }
header { background:var(--masthead); color:#f1f6f7; padding:.875rem 1.5rem; border-bottom:3px solid #e69f00; font-size:1.25rem; font-weight:700; }
main { width:min(32rem,100%); margin:0 auto; padding:clamp(2rem,8vh,5rem) 1.5rem 3rem; }
h1 { margin:0 0 1.5rem; font-size:clamp(1.5rem,1.05rem + 2vw,2.25rem); line-height:1.2; font-weight:700; }
.people { list-style:none; margin:0; padding:0; display:grid; gap:.75rem; }
button { font:inherit; color:inherit; cursor:pointer; background:var(--surface); border:1px solid var(--line); border-radius:.375rem; padding:.5rem 1rem; min-height:2.75rem; }
.person { display:flex; gap:1rem; align-items:center; width:100%; text-align:left; padding:1rem; }
.person:hover, button:hover { border-color:var(--accent); background:var(--accent-tint); }
:focus-visible { outline:3px solid var(--focus); outline-offset:2px; }
.initials { flex:none; display:grid; place-items:center; width:2.75rem; height:2.75rem; border-radius:50%; background:var(--accent); color:var(--on-accent); font-weight:700; }
.mission { display:block; color:var(--ink-soft); font-size:.9375rem; }
.notice { margin:1.5rem 0 .5rem; color:var(--ink-soft); font-size:.9375rem; }
.actions { display:flex; flex-wrap:wrap; gap:.75rem; }
.primary, .primary:hover { background:var(--accent); color:var(--on-accent); border-color:var(--accent); }
a { color:var(--accent); }
`;

/** The pages need one style sheet and nothing else; no script runs on them. */
export const pagesContentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(css).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const initialsOf = (name: string): string =>
  name
    .split(' ')
    .map((word) => word.slice(0, 1))
    .join('');

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
