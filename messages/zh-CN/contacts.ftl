# 联系人：库点和单位的人员。
contact-role = 库点可填 keeper、second_keeper；单位可填 legal_representative、safety_head、duty。
contact-depot-unknown = 没有您可以查看的库点 { $depot }。
contact-depot-later = 库点 { $depot } 尚未启用：请在库点信息中填写保管人。
contact-name-erased = 该词表示已删除的姓名：请填写人员姓名。
contact-phone = 电话至少含3位数字，其间可有 + - ( ) / , ; * # 、 ， 转 和空格。
credit-code-form = 统一社会信用代码为18位数字和大写字母，不含 I、O、S、V、Z。
credit-code-check = { $code } 的校验位不符：有一位填错。请对照营业执照。
