import clients from '../../features/clients/messages.fr.ts';
import dossier from '../../features/dossier/messages.fr.ts';
import newApplication from '../../features/new-application/messages.fr.ts';
import palette from '../../features/palette/messages.fr.ts';
import portfolio from '../../features/portfolio/messages.fr.ts';
import signIn from '../../features/sign-in/messages.fr.ts';
import filters from '../../ui/filters/messages.fr.ts';
import ui from '../../ui/messages.fr.ts';
import shell from '../shell/messages.fr.ts';

export default { ui, shell, filters, palette, newApplication, portfolio, signIn, clients, dossier };
