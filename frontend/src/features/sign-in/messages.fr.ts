export default {
  title: 'Connexion',
  promise: 'Chaque décision de crédit, lisible.',
  detail: 'Le risque estimé, le seuil, les raisons : en mots d’abord, pour le conseiller comme pour le client.',
  action: 'Se connecter',
  leaving: 'Ouverture de la connexion…',
  returning: 'Connexion en cours…',
  afterwards: 'Vous retrouverez ensuite la page demandée.',
  expired: 'Votre session a expiré. Reconnectez-vous pour retrouver la page où vous étiez.',
  failed: 'La connexion n’a pas abouti',
  failedDetail: 'Le service de connexion ne répond pas ou a refusé la demande. Rien n’est perdu : recommencez.',
  again: 'Recommencer',
  lender: 'Prêt à dépenser',
};
