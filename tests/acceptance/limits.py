"""Clinical decisions, Limits: the rows of the table."""

ROWS = [
    # sign, direction, its limit, the first value outside, the first that clears, the last that does not, usual
    ("SPO2", "low", 90, 89, 92, 91, 97),
    ("HR", "low", 50, 49, 55, 54, 72),
    ("HR", "high", 120, 121, 115, 116, 72),
    ("RR", "low", 8, 7, 10, 9, 16),
    ("RR", "high", 30, 31, 28, 29, 16),
    ("SBP", "low", 90, 89, 95, 94, 125),
    ("SBP", "high", 160, 161, 155, 156, 125),
    ("TEMP", "low", 36.0, 35.9, 36.3, 36.2, 36.8),
    ("TEMP", "high", 39.0, 39.1, 38.7, 38.8, 36.8),
]
GLUCOSE_ROWS = [("low", 70, 69, 80, 79), ("high", 250, 251, 240, 241)]
PRESSURE_ROWS = [row for row in ROWS if row[0] == "SBP"]
TEMPERATURE_ROWS = [row for row in ROWS if row[0] == "TEMP"]
RATE_ROWS = [row for row in ROWS if row[0] in {"SPO2", "HR", "RR"}]
