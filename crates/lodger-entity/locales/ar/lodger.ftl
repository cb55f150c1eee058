# The app and its model.
app-verbose-name = الجلسات
# The model's name for $count of them, without the number.
model-verbose-name =
    { $count ->
        [zero] جلسات
        [one] جلسة
        [two] جلستان
        [few] جلسات
        [many] جلسة
       *[other] جلسة
    }
# The model's name for many, when no number is known.
model-verbose-name-plural = جلسات
# The number and the name; one and two need no number.
model-counted =
    { $count ->
        [zero] لا جلسات
        [one] جلسة واحدة
        [two] جلستان
        [few] { $count } جلسات
        [many] { $count } جلسة
       *[other] { $count } جلسة
    }

# The model's fields.
session-key = مفتاح الجلسة
session-data = بيانات الجلسة
expire-date = تاريخ الانتهاء
