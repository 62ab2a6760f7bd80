// Hands a file to the person, made in this page.

export function download(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken hold of it by then.
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 60_000);
}

/** `mainstay-data-2026-05-03.json`: names sort by day, whatever the language. */
export function datedName(stem: string, extension: string, day: Date = new Date()): string {
  return `${stem}-${day.toISOString().slice(0, 10)}.${extension}`;
}
