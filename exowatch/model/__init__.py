"""The nouns of the house: frozen records that import nothing but each other and do nothing."""
