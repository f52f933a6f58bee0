"""Laboratory values and other measurements that travel with the vital signs; kept, never scored.

Hard ranges only keep out what no body shows; they are our own proposal and wide on purpose.
"""

from models.instants import DAY
from models.vital_signs.sign import VitalSign

_TABLE = (
    ("albumin", "1751-7", "g/dL", 0.1, 10),
    ("alkaline phosphatase", "6768-6", "U/L", 0, 50_000),
    ("alanine aminotransferase", "1742-6", "U/L", 0, 50_000),
    ("aspartate aminotransferase", "1920-8", "U/L", 0, 100_000),
    ("bilirubin", "1975-2", "mg/dL", 0, 100),
    ("urea nitrogen", "3094-0", "mg/dL", 0, 400),
    ("cholesterol", "2093-3", "mg/dL", 10, 2_000),
    ("creatinine", "2160-0", "mg/dL", 0, 100),
    ("bicarbonate", "1963-8", "mmol/L", 0, 100),
    ("haematocrit", "20570-8", "%", 2, 85),
    ("potassium", "2823-3", "mmol/L", 0.5, 30),
    ("lactate", "32693-4", "mmol/L", 0, 60),
    ("magnesium", "19123-9", "mg/dL", 0.1, 50),
    ("sodium", "2951-2", "mmol/L", 50, 250),
    ("carbon dioxide pressure", "2019-8", "mm[Hg]", 1, 300),
    ("oxygen pressure", "2703-7", "mm[Hg]", 1, 800),
    ("pH", "2744-1", "[pH]", 6, 8.5),
    ("platelets", "777-3", "10*3/uL", 0, 5_000),
    ("troponin I", "10839-9", "ug/L", 0, 5_000),
    ("troponin T", "6598-7", "ug/L", 0, 500),
    ("leucocytes", "6690-2", "10*3/uL", 0, 1_000),
    ("urine output", "9187-6", "mL", 0, 20_000),
    ("weight", "29463-7", "kg", 0.3, 400),
    ("height", "8302-2", "cm", 20, 280),
    ("mechanical ventilation", "vigil:mechanical-ventilation", "1", 0, 1),
)

SIGNS = tuple(
    VitalSign(
        name=title.lower().replace(" ", "_"),
        title=title,
        code=code,
        unit=unit,
        hard=(low, high),
        fresh_continuous=DAY,
        fresh_spot=DAY,
    )
    for title, code, unit, low, high in _TABLE
)
