// Puts a remembered theme on <html> before anything is painted. src/ui/theme.ts does the rest.
(function () {
  try {
    var theme = localStorage.getItem('mainstay.theme');
    if (theme === 'light' || theme === 'dark') {
      document.documentElement.dataset.theme = theme;
    }
  } catch {
    // Storage may be forbidden; the system's theme is used then.
  }
})();
