"""Grafana's dashboards from small tables: `python -m vigil.docs` writes them, a test compares.

`panel` and `dashboard` know Grafana's model; each other module is the table of one dashboard, or of a part of one.
"""

from vigil.docs.dashboards.clinical import CLINICAL
from vigil.docs.dashboards.intake import INTAKE
from vigil.docs.dashboards.learning import LEARNING
from vigil.docs.dashboards.service import SERVICE

DASHBOARDS = (SERVICE, CLINICAL, LEARNING, INTAKE)

__all__ = ["DASHBOARDS"]
