"""Building blocks of worlds: parts of mocked accounts that more than one scenario may use. No scenario lives here."""
