# The app and its model.
app-verbose-name = Sessies
# The model's name for $count of them, without the number.
model-verbose-name =
    { $count ->
        [one] sessie
       *[other] sessies
    }
# The model's name for many, when no number is known.
model-verbose-name-plural = sessies
# The number and the name.
model-counted =
    { $count ->
        [one] { $count } sessie
       *[other] { $count } sessies
    }

# The model's fields.
session-key = sessiesleutel
session-data = sessiegegevens
expire-date = verloopdatum
