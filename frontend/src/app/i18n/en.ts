import clients from '../../features/clients/messages.en.ts';
import dossier from '../../features/dossier/messages.en.ts';
import newApplication from '../../features/new-application/messages.en.ts';
import palette from '../../features/palette/messages.en.ts';
import portfolio from '../../features/portfolio/messages.en.ts';
import signIn from '../../features/sign-in/messages.en.ts';
import filters from '../../ui/filters/messages.en.ts';
import ui from '../../ui/messages.en.ts';
import shell from '../shell/messages.en.ts';
import type { Messages } from './i18n.ts';

export default { ui, shell, filters, palette, newApplication, portfolio, signIn, clients, dossier } satisfies Messages;
