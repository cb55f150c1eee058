# The app and its model.
app-verbose-name = Sessões
# The model's name for $count of them, without the number.
model-verbose-name =
    { $count ->
        [one] sessão
        [many] sessões
       *[other] sessões
    }
# The model's name for many, when no number is known.
model-verbose-name-plural = sessões
# The number and the name.
# “many” stands for millions: 1000000 de sessões.
model-counted =
    { $count ->
        [one] { $count } sessão
        [many] { $count } de sessões
       *[other] { $count } sessões
    }

# The model's fields.
session-key = chave da sessão
session-data = dados da sessão
expire-date = data de expiração
