"""The public site as plain files that any web server or a USB stick shows: `crawl` asks the site
for its pages, `rewrite` makes their links relative."""
