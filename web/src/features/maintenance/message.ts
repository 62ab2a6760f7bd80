// Reads a message as the server writes it (guard's `Message`): text, five elements that hang together, four character
// references. Whatever else stands in it is text, so that nothing can become part of the page but these.

const tags = ['b', 'i', 'em', 'strong', 'code'] as const;
export type Tag = (typeof tags)[number];

export type Piece = string | Marked;
export type Marked = { tag: Tag; pieces: Piece[] };

/** How deep elements may stand in each other: the server lets them go no deeper. */
const DEEPEST = 16;

const characters: ReadonlyMap<string, string> = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&nbsp;', '\u00a0'],
]);

const MARKUP = new RegExp(`(</?(?:${tags.join('|')})>|&(?:amp|lt|gt|nbsp);)`);

export function readMessage(html: string): Piece[] {
  const message: Piece[] = [];
  const open: Marked[] = [];
  for (const token of html.split(MARKUP)) {
    const innermost = open.at(-1);
    const here = innermost?.pieces ?? message;
    const begun = open.length < DEEPEST ? tags.find((tag) => token === `<${tag}>`) : undefined;
    if (begun !== undefined) {
      const element: Marked = { tag: begun, pieces: [] };
      here.push(element);
      open.push(element);
    } else if (innermost && token === `</${innermost.tag}>`) {
      open.pop();
    } else {
      addText(here, characters.get(token) ?? token);
    }
  }
  return message;
}

/** A text is one piece, however it was written. */
function addText(pieces: Piece[], text: string): void {
  const last = pieces.at(-1);
  if (typeof last === 'string') pieces[pieces.length - 1] = last + text;
  else if (text !== '') pieces.push(text);
}
