# The app and its model.
app-verbose-name = Sessions
# The model's name for $count of them, without the number.
model-verbose-name =
    { $count ->
        [one] session
       *[other] sessions
    }
# The model's name for many, when no number is known.
model-verbose-name-plural = sessions
# The number and the name.
model-counted =
    { $count ->
        [one] { $count } session
       *[other] { $count } sessions
    }

# The model's fields.
session-key = session key
session-data = session data
expire-date = expire date
