"""Which partition a patient lives in: one function for every producer, equal to the Java client's default."""

_MASK = 0xFFFFFFFF
_SEED = 0x9747B28C
_M = 0x5BD1E995


def partition_of(patient_id: str, partitions: int) -> int:
    """Partition of a patient's records in a topic of so many partitions (murmur2 of the UTF-8 key)."""
    return (murmur2(patient_id.encode()) & 0x7FFFFFFF) % partitions


def murmur2(key: bytes) -> int:
    """MurmurHash2, 32 bits, as `org.apache.kafka.common.utils.Utils.murmur2` has it, but unsigned."""
    length = len(key)
    tail = length & ~3
    h = _SEED ^ length
    for start in range(0, tail, 4):
        k = int.from_bytes(key[start : start + 4], "little") * _M & _MASK
        k ^= k >> 24
        h = (h * _M & _MASK) ^ (k * _M & _MASK)
    if length > tail:
        h ^= int.from_bytes(key[tail:], "little")
        h = h * _M & _MASK
    h ^= h >> 13
    h = h * _M & _MASK
    return h ^ (h >> 15)
