# The app and its model.
app-verbose-name = Sitzungen
# The model's name for $count of them, without the number.
model-verbose-name =
    { $count ->
        [one] Sitzung
       *[other] Sitzungen
    }
# The model's name for many, when no number is known.
model-verbose-name-plural = Sitzungen
# The number and the name.
model-counted =
    { $count ->
        [one] { $count } Sitzung
       *[other] { $count } Sitzungen
    }

# The model's fields.
session-key = Sitzungsschlüssel
session-data = Sitzungsdaten
expire-date = Ablaufdatum
