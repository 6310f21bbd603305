// Runs before the first paint so that a chosen theme never flashes; a file because the
// content security policy allows no inline script.
(() => {
  let theme = null;
  try {
    theme = localStorage.getItem('weir.theme');
  } catch {
    // Storage can be forbidden; the system's theme stays.
  }
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
})();
