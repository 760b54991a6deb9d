"""One thing, told to a person: its labels, what is said of it, which sentences and sources say so."""
