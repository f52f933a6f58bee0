"""Whatever a file of routes says, it is taken or refused with reasons, and nothing else happens."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from consumers.delivery.channels import CHANNELS
from consumers.delivery.configuration import BadConfiguration, Heartbeat, read
from consumers.delivery.quiet_hours import QuietHours
from consumers.delivery.route import Match, Route

_MODELS = [Route, Match, QuietHours, Heartbeat, *(channel.Settings for channel in CHANNELS.values())]
_NAMES = sorted({field.alias or name for model in _MODELS for name, field in model.model_fields.items()})
_PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 100),
    st.floats(),
    st.sampled_from(
        ["", "a", "low", "live", "console", "webhook", "kafka", "22:00", "UTC", "ward", "https://x", "whsec_"]
    ),
    st.text(max_size=5),
)
_VALUES = st.recursive(
    _PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=5),
    max_leaves=8,
)
_TABLES = st.dictionaries(st.sampled_from(_NAMES), _VALUES, max_size=6)
_RECEIVERS = _TABLES.map(lambda table: {"name": "a", "kind": "console"} | table)
_ROUTES = _TABLES.map(lambda table: {"receivers": ["a"]} | table)


@settings(deadline=None, derandomize=True, database=None, max_examples=300)
@given(
    receivers=st.lists(_RECEIVERS, max_size=2) | _VALUES,
    routes=st.lists(_ROUTES, max_size=2) | _VALUES,
    heartbeat=_VALUES,
)
def test_a_file_is_taken_or_refused_with_reasons(receivers: Any, routes: Any, heartbeat: Any) -> None:
    content = {"receivers": receivers, "routes": routes} | ({"heartbeat": heartbeat} if heartbeat else {})

    with suppress(BadConfiguration):
        found = read(content, folder=Path("/nowhere"), environment={})
        assert {name for route in found.routes for step in route.receivers for name in step} <= found.receivers.keys()
