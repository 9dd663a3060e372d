/** What a page may load and run; each line with its reason. What is not named is denied. */
export const policy: readonly {
  readonly directive: string;
  readonly value: string;
  readonly because: string;
}[] = [
  { directive: 'default-src', value: "'none'", because: 'What no line allows is denied.' },
  { directive: 'script-src', value: "'self'", because: 'Only the code of this build runs.' },
  {
    directive: 'style-src',
    value: "'self'",
    because: 'Styles of rows are set through CSSOM, which needs no more.',
  },
  { directive: 'font-src', value: "'self'", because: 'Fonts are part of the build.' },
  { directive: 'img-src', value: "'self'", because: 'So are pictures.' },
  {
    directive: 'connect-src',
    value: "'none'",
    because: 'The window has no network; the main process syncs.',
  },
  { directive: 'worker-src', value: "'none'", because: 'The window starts no workers.' },
  { directive: 'frame-src', value: "'none'", because: 'Nothing is embedded.' },
  { directive: 'frame-ancestors', value: "'none'", because: 'Nothing embeds Roadbook.' },
  { directive: 'base-uri', value: "'none'", because: 'Relative addresses stay here.' },
  { directive: 'form-action', value: "'none'", because: 'Forms are saved through the bridge.' },
  { directive: 'object-src', value: "'none'", because: 'There are no plug-ins.' },
];

export const contentSecurityPolicy = policy.map(({ directive, value }) => `${directive} ${value}`).join('; ');

/** Headers of every answer of the app:// protocol, errors included. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy':
    'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), bluetooth=(), payment=()',
};
