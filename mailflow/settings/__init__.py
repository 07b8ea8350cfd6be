"""The configuration folder → typed values of the layers below. All mistakes of a folder come at once."""

from mailflow.settings.load import Settings, load

__all__ = ["Settings", "load"]
