// A length of time in words, as exact as somebody who waits needs it.

export function duration(seconds: number, language: string): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const parts: [number, string][] = [
    [hours, 'hour'],
    [minutes, 'minute'],
    // Whoever waits for hours does not count seconds.
    [hours > 0 ? 0 : seconds % 60, 'second'],
  ];
  const said = parts.filter(([count]) => count > 0);
  return (said.length > 0 ? said : [[0, 'second'] as [number, string]])
    .map(([count, unit]) =>
      new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(count),
    )
    .join(' ');
}
