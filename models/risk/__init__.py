"""The learned risk: features, labels, the online model, its published versions; it only ever adds to what is told."""
