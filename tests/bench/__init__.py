"""``make bench``: figures as ratios to peers measured in the same run, interleaved, medians with their ranges."""
