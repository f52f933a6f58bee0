"""The line in which a visitor says which scenario should befall whom."""

from collections.abc import Sequence

_ENTER = frozenset("\r\n")
_ERASE = frozenset("\x7f\b")
_TAB = "\t"
_ESCAPE = "\x1b"
_LONGEST = 40


class Choice:
    """A scenario and, after an @, a bed or a patient, typed key by key; closed until it is opened."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._typed: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether keys belong to it."""
        return self._typed is not None

    def open(self) -> None:
        """Begins with nothing typed."""
        self._typed = ""

    def take(self, key: str) -> tuple[str, str] | None:
        """Takes a key; when it is the last one, the scenario and whom it should befall, empty for anybody."""
        typed = self._typed or ""
        if key == _ESCAPE:
            self._typed = None
        elif key in _ENTER:
            return self._finished(typed)
        elif key in _ERASE:
            self._typed = typed[:-1]
        elif key == _TAB:
            self._typed = next(iter(self._matching(typed)), typed) if "@" not in typed else typed
        elif key.isprintable():
            self._typed = (typed + key)[:_LONGEST]
        return None

    @property
    def parts(self) -> tuple[str, ...]:
        """What the line says: what is typed, which scenarios that can mean, and what to press."""
        typed = self._typed or ""
        names = self._matching(typed)
        who = "Enter starts the first of them" if len(names) > 1 else "Enter starts it"
        if not names:
            return f"Start which scenario? {typed}_", "there is none of that name", "Esc leaves"
        if not typed:
            return f"Start which scenario? {typed}_", *names, "Esc leaves"
        return f"Start which scenario? {typed}_", *names, f"{who} for the next well patient, @A1 3 for that bed"

    def _matching(self, typed: str) -> list[str]:
        """Scenarios that begin so, else those that have it somewhere in their name."""
        wanted = typed.partition("@")[0].strip().lower()
        return [name for name in self._names if name.startswith(wanted)] or [
            name for name in self._names if wanted in name
        ]

    def _finished(self, typed: str) -> tuple[str, str] | None:
        names = self._matching(typed)
        if not names:
            return None
        self._typed = None
        return (names[0], typed.partition("@")[2].strip()) if typed.strip() else None
