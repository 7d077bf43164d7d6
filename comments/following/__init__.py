"""Following the site by mail, as readers meet it: the form, the link that confirms, one's own page,
one press that ends it. What is sent is `publishing.following`."""
