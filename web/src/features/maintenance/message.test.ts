// What a message says survives being read, and nothing but its five elements comes out of it.
import { describe, expect, it } from 'vitest';
import { readMessage, type Piece, type Tag } from './message';

const TAGS: Tag[] = ['b', 'i', 'em', 'strong', 'code'];

describe('a message', () => {
  it.each<[string, Piece[]]>([
    ['', []],
    ['back soon', ['back soon']],
    ['back at <b>noon</b>.', ['back at ', { tag: 'b', pieces: ['noon'] }, '.']],
    [
      '<em>a<strong>b</strong></em><code>c</code><i></i>',
      [
        { tag: 'em', pieces: ['a', { tag: 'strong', pieces: ['b'] }] },
        { tag: 'code', pieces: ['c'] },
        { tag: 'i', pieces: [] },
      ],
    ],
    ['a &lt; b &amp;&amp; c &gt; d&nbsp;e', ['a < b && c > d\u00a0e']],
    // Once, not twice.
    ['&amp;lt;b&amp;gt;', ['&lt;b&gt;']],
    ['&lt;b&gt;no&lt;/b&gt;', ['<b>no</b>']],
    ['one\n\ttwo', ['one\n\ttwo']],
  ])('%j', (html, pieces) => {
    expect(readMessage(html)).toEqual(pieces);
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<b onclick="x">',
    '<B>',
    '<b >',
    '<b/>',
    '<p>',
    '<br>',
    '<a href="https://example.org">',
    '<!-- b -->',
    '<bb>',
    '</b>',
    '&copy;&#60;&quot;&AMP;&amp',
    '< b>',
    '<',
    '__proto__',
    'constructor',
  ])('takes %s for text', (text) => {
    expect(readMessage(text)).toEqual([text]);
  });

  it('loses nothing where elements do not hang together', () => {
    expect(readMessage('<b>one<i>two</b>three</i>four')).toEqual([
      { tag: 'b', pieces: ['one', { tag: 'i', pieces: ['two</b>three'] }, 'four'] },
    ]);
  });

  it('goes no deeper than the server', () => {
    const deep = readMessage('<b>'.repeat(20_000));
    expect(depth(deep)).toBe(16);
    expect(visible(deep)).toBe('<b>'.repeat(20_000 - 16));
  });
});

describe('whatever is written', () => {
  it('is read as it was meant', () => {
    const random = seeded(1);
    for (let round = 0; round < 500; round += 1) {
      const pieces = somePieces(random, 4);
      expect(readMessage(write(pieces))).toEqual(pieces);
    }
  });

  it('comes out as text and the five elements, and none of its words are lost', () => {
    const random = seeded(2);
    const parts = [
      ...TAGS.flatMap((tag) => [`<${tag}>`, `</${tag}>`]),
      ...['&amp;', '&lt;', '&gt;', '&nbsp;', '<script>', '<', '>', '/', '&', ';', '"', ' ', 'b'],
      ...['words', '<b', 'b>', '&am', 'p;', '<p>', '\n', '🐳', 'é'],
    ];
    for (let round = 0; round < 500; round += 1) {
      const soup = some(random, 30, () => pick(random, parts)).join('');
      const read = readMessage(soup);
      expect(tagsIn(read).every((tag) => TAGS.includes(tag))).toBe(true);
      expect(readMessage(write(read))).toEqual(read);
      const words = soup.replaceAll(/<\/?(?:b|i|em|strong|code)>|&(?:amp|lt|gt|nbsp);/g, '');
      expect(containsInOrder(visible(read), words)).toBe(true);
    }
  });
});

/** As the server writes it. */
function write(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) =>
      typeof piece === 'string'
        ? piece
            .replaceAll('&', '&amp;')
            .replaceAll('<', '&lt;')
            .replaceAll('>', '&gt;')
            .replaceAll('\u00a0', '&nbsp;')
        : `<${piece.tag}>${write(piece.pieces)}</${piece.tag}>`,
    )
    .join('');
}

function visible(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => (typeof piece === 'string' ? piece : visible(piece.pieces)))
    .join('');
}

function tagsIn(pieces: readonly Piece[]): Tag[] {
  return pieces.flatMap((piece) =>
    typeof piece === 'string' ? [] : [piece.tag, ...tagsIn(piece.pieces)],
  );
}

function depth(pieces: readonly Piece[]): number {
  const inner = pieces.map((piece) => (typeof piece === 'string' ? 0 : 1 + depth(piece.pieces)));
  return Math.max(0, ...inner);
}

function containsInOrder(text: string, wanted: string): boolean {
  let from = 0;
  for (const character of wanted) {
    const at = text.indexOf(character, from);
    if (at < 0) return false;
    from = at + character.length;
  }
  return true;
}

type Random = () => number;

/** The same numbers on every run (mulberry32). */
function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function pick<T>(random: Random, all: readonly T[]): T {
  return all[Math.floor(random() * all.length)] as T;
}

function some<T>(random: Random, most: number, make: () => T): T[] {
  return Array.from({ length: Math.floor(random() * (most + 1)) }, make);
}

/** Texts and elements in turn: two texts side by side would be one. */
function somePieces(random: Random, deepest: number): Piece[] {
  const texts = ['a < b', '&amp;', '<b>', 'R&D', '\u00a0', 'plain', '</code>', '\n', '"\''];
  return some(random, 5, () => random() < 0.5)
    .map((wantsText): Piece =>
      wantsText || deepest === 0
        ? pick(random, texts)
        : { tag: pick(random, TAGS), pieces: somePieces(random, deepest - 1) },
    )
    .filter((piece, index, all) => typeof piece !== 'string' || typeof all[index - 1] !== 'string');
}
