// Finds the links in a plain-text message that lead back to this very site.

export type Piece = { text: string; href?: string };

const URLS = /https?:\/\/[^\s<>"']+/g;

/** Every other address stays plain text: a message must not be able to send anyone elsewhere. */
export function splitLinks(text: string, origin: string = location.origin): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(URLS)) {
    const href = match[0].replace(/[.,;:!?)\]]+$/, '');
    if (!URL.canParse(href) || new URL(href).origin !== origin) continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push({ text: href, href });
    end = match.index + href.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}
