"""How well a prediction foretold what came: what it is asked, in which order it learns, and figures with intervals."""
