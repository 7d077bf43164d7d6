/* All that the form's own page needs: one file for readers (publishing/storage.py). */
import "./page.js";
import "./preview.js";
import "./answered.js";
