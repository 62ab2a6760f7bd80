// How hard a password is to guess. Heavy, because of its word lists: only ever loaded on demand,
// by usePasswordStrength.ts. Nothing leaves the page.
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary as passwords } from '@zxcvbn-ts/language-common';
import { dictionary as english } from '@zxcvbn-ts/language-en';

/** 0 is guessed at once, 4 practically never. */
export type Strength = 0 | 1 | 2 | 3 | 4;

/** What comes after this makes a password no weaker, and the page no faster. */
const LOOKED_AT = 64;

const judge = new ZxcvbnFactory({
  dictionary: { ...passwords, ...english },
  graphs: adjacencyGraphs,
});

/** `about`: words that whoever knows the person would try first. */
export function strength(password: string, about: readonly string[]): Strength {
  return judge.check(password.slice(0, LOOKED_AT), parts(about)).score;
}

function parts(about: readonly string[]): string[] {
  const pieces = about.flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)]);
  return ['mainstay', ...pieces].filter((piece) => piece.length >= 3);
}
