# The app and its model.
app-verbose-name = Sesje
# The model's name for $count of them, without the number.
model-verbose-name =
    { $count ->
        [one] sesja
        [few] sesje
        [many] sesji
       *[other] sesji
    }
# The model's name for many, when no number is known.
model-verbose-name-plural = sesje
# The number and the name.
model-counted =
    { $count ->
        [one] { $count } sesja
        [few] { $count } sesje
        [many] { $count } sesji
       *[other] { $count } sesji
    }

# The model's fields.
session-key = klucz sesji
session-data = dane sesji
expire-date = data wygaśnięcia
