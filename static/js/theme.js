// The chosen colours and text size, before the first paint: first in the head, so that it is there before the style sheets
// the paint waits for; async, so that nothing waits for it.
"use strict";
try {
  for (const choice of ["theme", "contrast", "size"]) {
    if (localStorage[choice]) document.documentElement.dataset[choice] = localStorage[choice];
  }
} catch { /* storage refused: follow the system */ }
