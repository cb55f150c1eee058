# The app and its model.
app-verbose-name = Sessioner
# The model's name for $count of them, without the number.
model-verbose-name =
    { $count ->
        [one] session
       *[other] sessioner
    }
# The model's name for many, when no number is known.
model-verbose-name-plural = sessioner
# The number and the name.
model-counted =
    { $count ->
        [one] { $count } session
       *[other] { $count } sessioner
    }

# The model's fields.
session-key = sessionsnyckel
session-data = sessionsdata
expire-date = utgångsdatum
