// Files are named by the day they were made.
import { expect, it } from 'vitest';
import { datedName } from './download';

it('puts the day into the name so that names sort', () => {
  expect(datedName('mainstay-data', 'json', new Date('2026-05-03T23:30:00Z'))).toBe(
    'mainstay-data-2026-05-03.json',
  );
});
