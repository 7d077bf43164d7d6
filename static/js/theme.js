// Loaded in the head without defer: the chosen colours and text size must be known before the first paint.
"use strict";
try {
  for (const choice of ["theme", "contrast", "size"]) {
    if (localStorage[choice]) document.documentElement.dataset[choice] = localStorage[choice];
  }
} catch { /* storage refused: follow the system */ }
