"""Laying a published version down in an archive: one small client of Zenodo (`client`), and the
steps of a deposit (`steps`)."""
