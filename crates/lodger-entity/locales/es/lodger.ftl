# The app and its model.
app-verbose-name = Sesiones
# The model's name for $count of them, without the number.
model-verbose-name =
    { $count ->
        [one] sesión
        [many] sesiones
       *[other] sesiones
    }
# The model's name for many, when no number is known.
model-verbose-name-plural = sesiones
# The number and the name.
# «many» stands for millions: 1000000 de sesiones.
model-counted =
    { $count ->
        [one] { $count } sesión
        [many] { $count } de sesiones
       *[other] { $count } sesiones
    }

# The model's fields.
session-key = clave de sesión
session-data = datos de sesión
expire-date = fecha de caducidad
