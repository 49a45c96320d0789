"""The built-in back ends: children of this package once installed, the sibling folder `targets/` in a checkout."""

from stackspec.folders import sibling

_side = sibling("targets")
if _side is not None:
    __path__.append(_side)
