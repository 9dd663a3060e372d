import { html, type Markup } from './html.ts';

/** Shapes from lucide, drawn at one stroke width. */
function icon(size: number, shape: Markup): Markup {
  const stroke = ((1.5 * 24) / size).toFixed(2);
  return html`<svg width="${size}" height="${size}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="${stroke}" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${shape}</svg>`;
}

export const icons = {
  check: icon(12, html`<path d="M20 6 9 17l-5-5" />`),
  close: icon(12, html`<path d="M18 6 6 18" /><path d="m6 6 12 12" />`),
  alert: icon(12, html`<path d="M12 8v5" /><path d="M12 17h.01" />`),
} as const;
