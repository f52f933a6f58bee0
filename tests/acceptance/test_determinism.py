"""Design 1 and 6: the fold is a function of its bytes."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from tests.acceptance.stories import tell

ROOT = Path(__file__).parents[2]


def test_the_same_log_gives_the_same_outputs_and_state_byte_for_byte(story, wards):
    again = wards()
    for value in story.log:
        again.send(value)

    assert again.encoded() == story.encoded()
    assert list(again.fold.entries()) == list(story.fold.entries())


def test_a_state_restored_again_and_again_goes_on_byte_for_byte(story, wards):
    outputs, fold_before = [], None
    for start in range(0, len(story.log), 37):
        ward = wards()
        ward.log = story.log[:start]
        for key, value in fold_before.entries() if fold_before else []:
            ward.fold.restore(key, value)
        for value in story.log[start : start + 37]:
            ward.send(value)
        outputs += ward.encoded()
        fold_before = ward.fold

    assert outputs == story.encoded()
    assert list(fold_before.entries()) == list(story.fold.entries())


@pytest.mark.parametrize("every", [1, 7, 100])
def test_what_has_changed_since_is_enough_to_restore_the_state(story, wards, every):
    follower, kept = wards(), {}
    for number, value in enumerate(story.log):
        follower.send(value)
        if number % every == 0:
            kept.update(follower.fold.changed())
    kept.update(follower.fold.changed())
    restored = wards()
    for key, value in kept.items():
        restored.fold.restore(key, value)

    assert follower.fold.changed() == []
    assert list(restored.fold.entries()) == list(story.fold.entries())


def test_the_state_is_sorted_by_key(story):
    keys = [key for key, _ in story.fold.entries()]

    assert keys == sorted(keys)
    assert b"partition" in keys
    assert b"patient/p1" in keys


FOLD_A_LOG = """
import hashlib, json, sys
from models import codec
from models.partition import PartitionFold
fold, digest = PartitionFold(0), hashlib.sha256()
for offset, value in enumerate(json.load(sys.stdin)):
    for output in fold.advance(bytes.fromhex(value), offset=offset):
        digest.update(codec.encode(output))
for key, value in fold.entries():
    digest.update(key + value)
print(digest.hexdigest())
"""


def test_no_order_depends_on_the_hash_seed(wards):
    ward = wards()
    tell(ward, Random(0), records=400)
    expected = hashlib.sha256()
    for value in ward.encoded():
        expected.update(value)
    for key, value in ward.fold.entries():
        expected.update(key + value)

    digests = {
        subprocess.run(
            [sys.executable, "-c", FOLD_A_LOG],
            input=json.dumps([value.hex() for value in ward.log]),
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("0", "1", "4711")
    }

    assert digests == {expected.hexdigest()}
