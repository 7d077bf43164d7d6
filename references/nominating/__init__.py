"""Works that readers miss: named by a form of the site, judged as any report, answered by mail."""
