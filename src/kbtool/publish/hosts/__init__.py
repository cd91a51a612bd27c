"""The hosts that kbtool knows: a file each, found by the scheme of a target's URL."""
