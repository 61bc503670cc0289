export default {
  title: 'Sign in',
  promise: 'Every credit decision, made readable.',
  detail: 'The estimated risk, the threshold, the reasons: in words first, for the advisor and for the client.',
  action: 'Sign in',
  leaving: 'Opening the sign-in page…',
  returning: 'Signing you in…',
  afterwards: 'You will then be taken to the page you asked for.',
  expired: 'Your session has expired. Sign in to return to the page you were on.',
  failed: 'Sign-in did not succeed',
  failedDetail: 'The sign-in service does not answer or refused the request. Nothing is lost: try again.',
  again: 'Try again',
  lender: 'Prêt à dépenser',
};
