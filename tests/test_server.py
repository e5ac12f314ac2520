"""Running the service: what is done around the application."""

import gc

from api import server


def test_what_is_loaded_is_out_of_the_collectors_sight_and_what_comes_later_is_not():
    loaded = [[] for _ in range(100)]
    try:
        server._keep_what_is_loaded()
        assert gc.get_freeze_count() > len(loaded)
        later = [[]]
        seen = {id(one) for one in gc.get_objects()}
        assert id(later) in seen
        assert not seen & {id(one) for one in loaded}
    finally:
        gc.unfreeze()
