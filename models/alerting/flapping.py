"""A condition that comes and goes: after some notifications it is damped, until it has been quiet for as long.

Quiet is one that neither comes nor goes: one that stays bad for that long is told as well.
"""

from models.alerting.policy import NotificationRule
from models.alerting.state import OpenAlert, Restless, name_of
from models.alerting.subject import Subject

_MOST_REMEMBERED = 64


def is_damped(subject: Subject, alert: OpenAlert, at: int, rule: NotificationRule) -> bool:
    """Whether a notification that is due is held back, which is remembered either way; never one of high priority."""
    within, after = rule.flapping_within, rule.flapping_after
    name = name_of(alert.key)
    before = subject.restless.get(name, Restless((), at - within))
    is_quiet = at - before.last >= within
    times = tuple(time for time in before.times if at - time < within)
    damps = not is_quiet and (before.is_damped or len(times) >= after)
    is_held = damps and alert.priority != "high"
    if is_held:
        alert.released = at + within
    else:
        times = (*times, at)[-after:]
    _remember(subject, name, Restless(times, at, damps))
    return is_held


def note_end(subject: Subject, alert: OpenAlert, at: int) -> None:
    """A damped condition that goes is not quiet either."""
    name = name_of(alert.key)
    before = subject.restless.get(name)
    if before is not None and before.is_damped:
        _remember(subject, name, Restless(before.times, max(before.last, at), is_damped=True))


def _remember(subject: Subject, name: str, found: Restless) -> None:
    restless = subject.restless
    restless[name] = found
    if len(restless) > _MOST_REMEMBERED:
        del restless[min(restless, key=lambda each: (restless[each].last, each))]
