/* All that the search needs: one file for readers (publishing/storage.py). */
import "./page.js";
import "./suggest.js";
