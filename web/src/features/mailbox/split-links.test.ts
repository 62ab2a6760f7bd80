// Only links to this site can be clicked.
import { describe, expect, it } from 'vitest';
import { splitLinks } from './split-links';

const origin = 'https://home.example';

describe('splitLinks', () => {
  it('finds a link to this site, without the full stop behind it', () => {
    expect(splitLinks('Open https://home.example/x#token=1. Thanks', origin)).toEqual([
      { text: 'Open ' },
      { text: 'https://home.example/x#token=1', href: 'https://home.example/x#token=1' },
      { text: '. Thanks' },
    ]);
  });

  // ASVS 1.2.2
  it.each([
    'https://evil.example/',
    'https://home.example.evil.example/',
    'https://home.example@evil.example/',
    'http://home.example/',
    'javascript:alert(1)',
  ])('leaves %s as text', (address) => {
    expect(splitLinks(address, origin)).toEqual([{ text: address }]);
  });
});
