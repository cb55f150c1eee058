# The app and its model.
app-verbose-name = 会话
# The model's name for $count of them, without the number.
model-verbose-name = 会话
# The model's name for many, when no number is known.
model-verbose-name-plural = 会话
# The number and the name.
model-counted = { $count } 会话

# The model's fields.
session-key = 会话密钥
session-data = 会话数据
expire-date = 到期日期
