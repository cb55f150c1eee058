# The app and its model.
app-verbose-name = Сесії
# The model's name for $count of them, without the number.
model-verbose-name =
    { $count ->
        [one] сесія
        [few] сесії
        [many] сесій
       *[other] сесії
    }
# The model's name for many, when no number is known.
model-verbose-name-plural = сесії
# The number and the name.
model-counted =
    { $count ->
        [one] { $count } сесія
        [few] { $count } сесії
        [many] { $count } сесій
       *[other] { $count } сесії
    }

# The model's fields.
session-key = ключ сесії
session-data = дані сесії
expire-date = дата закінчення
