"""Whether the watch itself is well: status, metrics, how long the disk will last, and the weekly note."""
