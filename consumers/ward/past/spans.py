"""Spans of time with what was measured in each, kept sparsely in packed pages: no object for each point.

Instants are whole milliseconds since 1970.
"""

from struct import Struct as Layout

import numpy as np

from consumers.ward.past.form import Fineness, Form, Row, Rows

_NEVER = -(2**62)
_AT = Layout("<I")
_WHOLE, _THIN = b"\0", b"\1"  # What a page begins with.


class Tally:
    """How many spans are kept by all who share it."""

    __slots__ = ("spans",)

    def __init__(self) -> None:
        self.spans = 0


class Spans:
    """The spans of one thing of one patient, of one fineness.

    The newest span is open: it is a tuple until the next one begins. The page that is being written, from `_begins` to
    `_ends`, is a bytearray, those before it are bytes.
    """

    __slots__ = (
        "_at",
        "_begins",
        "_ends",
        "_fineness",
        "_form",
        "_number",
        "_pack",
        "_pages",
        "_row",
        "_step",
        "_tally",
        "_written",
    )

    def __init__(self, form: Form, fineness: Fineness, tally: Tally) -> None:
        self._form = form
        self._fineness = fineness
        self._tally = tally
        self._step = fineness.step
        self._pack = form.layout.pack
        self._pages: dict[int, bytes | bytearray] = {}
        self._number = self._at = self._begins = self._ends = _NEVER
        self._row: Row = ()
        self._written = bytearray()

    def put(self, at: int, row: Row) -> None:
        """Takes what was so at an instant; of two rows of one instant the later to come counts as the newer."""
        number = at // self._step
        if number > self._number:
            if self._at < self._ends:
                self._written += self._pack(self._at - self._begins, *self._row)
            elif self._number != _NEVER:
                self._turn_page(self._at)
                self._written += self._pack(self._at - self._begins, *self._row)
            self._number = number
            self._at = at
            self._row = row
            self._tally.spans += 1
        elif number == self._number:
            if at >= self._at:
                self._at = at
                self._row = self._form.merged(self._row, row)
            else:
                self._row = self._form.merged(row, self._row)
        else:
            self._put_late(number, at, row)

    # --- Reading -----------------------------------------------------------------------------------------------------

    @property
    def step(self) -> int:
        """How long a span is, in milliseconds."""
        return self._fineness.step

    @property
    def begins(self) -> int | None:
        """When the oldest span begins; None where there is none."""
        at = self._at
        if self._pages:
            number = min(self._pages)
            at = number * self._fineness.page + int(_AT.unpack_from(self._pages[number], len(_WHOLE))[0])
        return None if at == _NEVER else at // self._step * self._step

    def rows(self, since: int, until: int) -> Rows:
        """The spans that have a part in that time, in its order."""
        step, page = self._fineness.step, self._fineness.page
        first, last = since // step, until // step
        numbers = sorted(number for number in self._pages if since // page <= number <= until // page)
        found = [self._read(number) for number in numbers]
        if first <= self._number <= last:
            found.append(np.array([(self._at, *self._row)], dtype=self._form.read_type))
        rows = np.concatenate(found) if found else np.empty(0, dtype=self._form.read_type)
        spans = rows["at"] // step
        return rows[(spans >= first) & (spans <= last)]

    def _read(self, number: int) -> Rows:
        form, page = self._form, self._pages[number]
        is_thin = page[:1] == _THIN
        packed = np.frombuffer(bytes(page), dtype=form.thin_type if is_thin else form.whole_type, offset=1)
        rows = np.empty(len(packed), dtype=form.read_type)
        for name in form.names:
            rows[name] = packed[form.names[-1] if is_thin else name]
        rows["at"] = packed["at"].astype(np.int64) + number * self._fineness.page
        return rows

    # --- Forgetting --------------------------------------------------------------------------------------------------

    def forget_before(self, at: int) -> None:
        """Drops the pages that ended before an instant, and the open span with its page."""
        page = at // self._fineness.page
        self._drop(page)
        if self._number != _NEVER and self._at // self._fineness.page < page:
            self._number = self._at = _NEVER
            self._tally.spans -= 1

    def sizes(self) -> dict[int, int]:
        """How many closed spans there are, by the instant at which their page begins."""
        return {number * self._fineness.page: self._count(page) for number, page in self._pages.items()}

    @property
    def is_empty(self) -> bool:
        """Whether nothing is kept."""
        return self._number == _NEVER and not self._pages

    def _count(self, page: bytes | bytearray) -> int:
        layout = self._form.thin if page[:1] == _THIN else self._form.layout
        return (len(page) - 1) // layout.size

    def _drop(self, before: int) -> None:
        for number in [number for number in self._pages if number < before]:
            self._tally.spans -= self._count(self._pages.pop(number))
        if self._ends <= before * self._fineness.page:
            self._begins = self._ends = _NEVER

    # --- Writing -----------------------------------------------------------------------------------------------------

    def _turn_page(self, at: int) -> None:
        """Begins to write the page of an instant, which is after all others; the one before is sealed."""
        page = self._fineness.page
        before, number = self._begins // page, at // page
        if before in self._pages:
            self._pages[before] = self._sealed(self._unpacked(before))
        self._drop(self._first_kept(number))
        self._begins, self._ends = number * page, (number + 1) * page
        self._written = self._pages[number] = bytearray(_WHOLE)

    def _first_kept(self, newest: int) -> int:
        """The first page that is kept beside the newest."""
        return newest - self._fineness.kept // self._fineness.page

    def _put_late(self, number: int, at: int, row: Row) -> None:
        """Puts a row into a span before the open one, if that is of a time that is kept."""
        page = self._fineness.page
        place = at // page
        if place < self._first_kept(self._at // page):
            return
        if at >= self._ends:
            self._turn_page(at)
        rows = self._unpacked(place) if place in self._pages else []
        if self._merge(rows, number, at, row, place * page):
            self._tally.spans += 1
        if at >= self._begins:
            self._written[:] = _WHOLE + self._packed(rows)
        else:
            self._pages[place] = self._sealed(rows)

    def _merge(self, rows: list[tuple[int, Row]], number: int, at: int, row: Row, begins: int) -> bool:
        """Merges a row into those of its page, in their order; whether it began a span."""
        offset = at - begins
        for index, (known, before) in enumerate(rows):
            span = (begins + known) // self._step
            if span == number:
                is_newer = offset >= known
                merged = self._form.merged(before, row) if is_newer else self._form.merged(row, before)
                rows[index] = max(known, offset), merged
                return False
            if span > number:
                rows.insert(index, (offset, row))
                return True
        rows.append((offset, row))
        return True

    def _unpacked(self, number: int) -> list[tuple[int, Row]]:
        page = self._pages[number]
        if page[:1] == _THIN:
            return [(at, (value,) * len(self._form.names)) for at, value in self._form.thin.iter_unpack(page[1:])]
        return [(row[0], row[1:]) for row in self._form.layout.iter_unpack(page[1:])]

    def _packed(self, rows: list[tuple[int, Row]]) -> bytes:
        return b"".join(self._form.layout.pack(at, *row) for at, row in rows)

    def _sealed(self, rows: list[tuple[int, Row]]) -> bytes:
        is_thin = self._form.is_thin
        if is_thin is None or not all(is_thin(row) for _, row in rows):
            return _WHOLE + self._packed(rows)
        return _THIN + b"".join(self._form.thin.pack(at, row[-1]) for at, row in rows)
