# The app and its model.
app-verbose-name = Сессии
# The model's name for $count of them, without the number.
model-verbose-name =
    { $count ->
        [one] сессия
        [few] сессии
        [many] сессий
       *[other] сессии
    }
# The model's name for many, when no number is known.
model-verbose-name-plural = сессии
# The number and the name.
model-counted =
    { $count ->
        [one] { $count } сессия
        [few] { $count } сессии
        [many] { $count } сессий
       *[other] { $count } сессии
    }

# The model's fields.
session-key = ключ сессии
session-data = данные сессии
expire-date = дата окончания
