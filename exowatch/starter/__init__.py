"""What ``exowatch init`` writes: a commented configuration and a starter watchlist of real regulators and journals."""
