/** Where the window's pages come from: a scheme of our own, so that no web page and no file shares their origin. */
export const SCHEME = 'app';
export const HOST = 'roadbook';
export const START_URL = `${SCHEME}://${HOST}/index.html`;

/**
 * True for addresses of Roadbook's own pages. Compares parsed parts: a text that merely begins like one
 * (`app://roadbook.example`, `app://roadbook@evil`) is not one.
 */
export function isOwnUrl(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : null;
  return (
    url !== null &&
    url.protocol === `${SCHEME}:` &&
    url.hostname === HOST &&
    url.port === '' &&
    url.username === '' &&
    url.password === ''
  );
}
