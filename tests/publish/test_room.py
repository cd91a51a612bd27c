"""What is in memory at the same time has a bound."""

from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import pytest

from kbtool.publish.room import Room


def test_no_more_is_taken_than_there_is_and_all_get_their_turn() -> None:
    room, lock, taken, most = Room(100), Lock(), [0], [0]

    def work(size: int) -> int:
        with room.take(size):
            with lock:
                taken[0] += size
                most[0] = max(most[0], taken[0] if size <= 100 else 0)
            with lock:
                taken[0] -= size
        return size

    sizes = [30, 90, 10, 0, 250, 60] * 50
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(work, sizes)) == sizes
    assert 0 < most[0] <= 100


def test_a_failure_gives_its_room_back() -> None:
    room = Room(10)
    with pytest.raises(OSError, match="broken"), room.take(10):
        raise OSError("broken")
    with room.take(10):
        pass
