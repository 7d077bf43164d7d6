// Loaded in the head without defer: the chosen page colours must be known before the first paint.
"use strict";
try {
  if (localStorage.theme) document.documentElement.dataset.theme = localStorage.theme;
} catch { /* storage refused: follow the system */ }
