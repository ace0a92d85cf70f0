// The theme that was chosen last, before anything is drawn. Without a choice it is the system's.
"use strict";
try {
  const theme = localStorage.getItem("weft-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch (error) {
  // A page from a file, or without permission to store: the system's theme it is.
}
document.documentElement.classList.add("script");
