"""Modules loaded out of the way of the garbage collector."""

import gc
import sys
from importlib import import_module
from types import ModuleType


def loaded(name: str) -> ModuleType:
    """Import a module with all it needs, and have nothing of it ever searched for garbage.

    What is loaded stays to the end. To search it over and over while it grows takes a tenth of the time of a whole check.
    """
    if name not in sys.modules:
        gc.disable()
        try:
            import_module(name)
        finally:
            gc.freeze()
            gc.enable()
    return sys.modules[name]
