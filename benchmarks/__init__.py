"""How fast Vigil is and what it costs: the full job alone, and one reference job beside other engines."""
