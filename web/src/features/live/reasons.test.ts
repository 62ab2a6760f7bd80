// Why connections end has words here. The server's own source is asked: what is new there fails here.
import { expect, test } from 'vitest';
import source from '../../../../crates/live/src/engine_io.rs?raw';
import { liveEn } from '../../i18n/settings/live-en';
import { reasons } from './model';

test('every reason has words', () => {
  const names = [...source.matchAll(/^ +Self::\w+ => "(\w+)",$/gm)].map(([, name]) => name).sort();
  expect(names).toContain('too_slow');
  expect([...reasons].sort()).toEqual(names);
  expect(Object.keys(liveEn.ends.reasons).sort()).toEqual(names);
});
