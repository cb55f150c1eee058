# The app and its model.
app-verbose-name = セッション
# The model's name for $count of them, without the number.
model-verbose-name = セッション
# The model's name for many, when no number is known.
model-verbose-name-plural = セッション
# The number and the name.
model-counted = { $count } セッション

# The model's fields.
session-key = セッションキー
session-data = セッションデータ
expire-date = 有効期限
