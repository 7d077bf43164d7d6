/* All that the replies of a page need: one file for readers, put together when static files are collected
   (publishing/storage.py). */
import "./unfold.js";
import "./reply.js";
import "./draft.js";
