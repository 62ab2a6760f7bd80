// The meter's verdicts, on passwords whose worth is not in doubt.
import { describe, expect, it } from 'vitest';
import { strength } from './strength';

describe('strength', () => {
  it.each(['password', 'qwertyuiop', 'iloveyou1', 'aaaaaaaaaaaa'])('%s is weak', (password) => {
    expect(strength(password, [])).toBeLessThanOrEqual(1);
  });

  it('a few unrelated words are strong', () => {
    expect(strength('twelve grey herons waiting', [])).toBe(4);
  });

  it('what everybody knows of a person is worth nothing', () => {
    const about = ['wilhelmina@anchorage.example', 'wilhelmina_k'];
    expect(strength('Wilhelmina_k', [])).toBeGreaterThan(strength('Wilhelmina_k', about));
    expect(strength('wilhelmina', about)).toBe(0);
  });

  it('takes no longer for a very long password', () => {
    expect(strength('x9!kQ'.repeat(50), [])).toBeGreaterThan(0);
  });
});
