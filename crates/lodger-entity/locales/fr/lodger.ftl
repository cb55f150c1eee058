# The app and its model.
app-verbose-name = Sessions
# The model's name for $count of them, without the number.
model-verbose-name =
    { $count ->
        [one] session
        [many] sessions
       *[other] sessions
    }
# The model's name for many, when no number is known.
model-verbose-name-plural = sessions
# The number and the name.
# « many » stands for millions: 1000000 de sessions.
model-counted =
    { $count ->
        [one] { $count } session
        [many] { $count } de sessions
       *[other] { $count } sessions
    }

# The model's fields.
session-key = clé de session
session-data = données de session
expire-date = date d’expiration
