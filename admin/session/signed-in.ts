/** Whether the browser still holds an access token of Strapi's: where Strapi's own client looks for it. */
const TOKEN = 'jwtToken';

export const isSignedIn = (): boolean =>
  window.localStorage.getItem(TOKEN) !== null ||
  document.cookie.split(';').some((cookie) => cookie.trim().startsWith(`${TOKEN}=`));
