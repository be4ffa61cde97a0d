"""Ground: settings, database and transaction, journal, outbox, errors, money, time, web basics."""
