"""Letters on their way: who gets which, the outbox, mail and chat; each sent once or told to be unclear."""
