"""What each parameter of the data set is called by LOINC and UCUM, and which device told it.

The set's own page gives the units. Two are not taken from it:
- `Mg` is said to be mmol/L, but its median is 2.0: that is mg/dL, as MIMIC-II, where the set comes from, records it.
- `MechVent` says only that the patient is ventilated. LOINC's codes are for modes and settings, so it has one of ours.
"""

from typing import Literal, NamedTuple

from models.events import DeviceType

Device = Literal["monitor", "cuff", "chart", "laboratory"]


class Parameter(NamedTuple):
    """One parameter: its code, its unit, its device and what its values are multiplied by to be in that unit."""

    device: Device
    code: str
    unit: str
    factor: float = 1.0


PARAMETERS = {
    "HR": Parameter("monitor", "8867-4", "/min"),
    "RespRate": Parameter("monitor", "9279-1", "/min"),
    "SaO2": Parameter("monitor", "2708-6", "%"),
    "Temp": Parameter("monitor", "8310-5", "Cel"),
    "SysABP": Parameter("monitor", "8480-6", "mm[Hg]"),
    "DiasABP": Parameter("monitor", "8462-4", "mm[Hg]"),
    "MAP": Parameter("monitor", "8478-0", "mm[Hg]"),
    "NISysABP": Parameter("cuff", "8480-6", "mm[Hg]"),
    "NIDiasABP": Parameter("cuff", "8462-4", "mm[Hg]"),
    "NIMAP": Parameter("cuff", "8478-0", "mm[Hg]"),
    "GCS": Parameter("chart", "9269-2", "{score}"),
    "FiO2": Parameter("chart", "3150-0", "%", factor=100.0),
    "MechVent": Parameter("chart", "vigil:mechanical-ventilation", "1"),
    "Urine": Parameter("chart", "9187-6", "mL"),
    "Weight": Parameter("chart", "29463-7", "kg"),
    "Height": Parameter("chart", "8302-2", "cm"),
    "Albumin": Parameter("laboratory", "1751-7", "g/dL"),
    "ALP": Parameter("laboratory", "6768-6", "U/L"),
    "ALT": Parameter("laboratory", "1742-6", "U/L"),
    "AST": Parameter("laboratory", "1920-8", "U/L"),
    "Bilirubin": Parameter("laboratory", "1975-2", "mg/dL"),
    "BUN": Parameter("laboratory", "3094-0", "mg/dL"),
    "Cholesterol": Parameter("laboratory", "2093-3", "mg/dL"),
    "Creatinine": Parameter("laboratory", "2160-0", "mg/dL"),
    "Glucose": Parameter("laboratory", "2345-7", "mg/dL"),
    "HCO3": Parameter("laboratory", "1963-8", "mmol/L"),
    "HCT": Parameter("laboratory", "20570-8", "%"),
    "K": Parameter("laboratory", "2823-3", "mmol/L"),
    "Lactate": Parameter("laboratory", "32693-4", "mmol/L"),
    "Mg": Parameter("laboratory", "19123-9", "mg/dL"),
    "Na": Parameter("laboratory", "2951-2", "mmol/L"),
    "PaCO2": Parameter("laboratory", "2019-8", "mm[Hg]"),
    "PaO2": Parameter("laboratory", "2703-7", "mm[Hg]"),
    "pH": Parameter("laboratory", "2744-1", "[pH]"),
    "Platelets": Parameter("laboratory", "777-3", "10*3/uL"),
    "TroponinI": Parameter("laboratory", "10839-9", "ug/L"),
    "TroponinT": Parameter("laboratory", "6598-7", "ug/L"),
    "WBC": Parameter("laboratory", "6690-2", "10*3/uL"),
}
DEVICES: dict[Device, DeviceType] = {
    "monitor": "monitor",
    "cuff": "monitor",
    "chart": "manual",
    "laboratory": "laboratory",
}
WARDS: dict[float, str] = {1: "CCU", 2: "CSRU", 3: "MICU", 4: "SICU"}
