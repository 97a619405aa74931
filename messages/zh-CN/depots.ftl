# 库点。
depot-unknown = 没有您可以修改的库点 { $depot }：请改正编码。
