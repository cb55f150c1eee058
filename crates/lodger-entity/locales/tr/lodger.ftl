# The app and its model.
app-verbose-name = Oturumlar
# The model's name for $count of them, without the number.
model-verbose-name =
    { $count ->
        [one] oturum
       *[other] oturum
    }
# The model's name for many, when no number is known.
model-verbose-name-plural = oturumlar
# The number and the name.
model-counted =
    { $count ->
        [one] { $count } oturum
       *[other] { $count } oturum
    }

# The model's fields.
session-key = oturum anahtarı
session-data = oturum verisi
expire-date = sona erme tarihi
