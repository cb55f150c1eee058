# The app and its model.
app-verbose-name = Sessioni
# The model's name for $count of them, without the number.
model-verbose-name =
    { $count ->
        [one] sessione
        [many] sessioni
       *[other] sessioni
    }
# The model's name for many, when no number is known.
model-verbose-name-plural = sessioni
# The number and the name.
# “many” stands for millions: 1000000 di sessioni.
model-counted =
    { $count ->
        [one] { $count } sessione
        [many] { $count } di sessioni
       *[other] { $count } sessioni
    }

# The model's fields.
session-key = chiave di sessione
session-data = dati di sessione
expire-date = data di scadenza
