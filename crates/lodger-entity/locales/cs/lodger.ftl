# The app and its model.
app-verbose-name = Relace
# The model's name for $count of them, without the number.
model-verbose-name =
    { $count ->
        [one] relace
        [few] relace
        [many] relace
       *[other] relací
    }
# The model's name for many, when no number is known.
model-verbose-name-plural = relace
# The number and the name.
model-counted =
    { $count ->
        [one] { $count } relace
        [few] { $count } relace
        [many] { $count } relace
       *[other] { $count } relací
    }

# The model's fields.
session-key = klíč relace
session-data = data relace
expire-date = datum vypršení
